import Foundation
import Testing
import TextEncoder

/// Every example of the manual pages and of the documents, typed as it is printed.
@Suite(
  .enabled(if: (try? EncoderDirectory.find()) != nil, "no encoder is installed: run etc/fetch-encoder.sh"),
  PreparedExamples())
struct ExampleTests {
  @Test(arguments: Documentation.sequences)
  func anExampleDoesWhatIsSaid(_ sequence: ExampleSequence) throws {
    let folder = try #require(PreparedExamples.folder)
    let scripts = sequence.examples.compactMap { example in
      Self.script(example).map { "echo '== \(example.file):\(example.line)' >&2\n\($0)" }
    }
    if scripts.isEmpty { return }
    // The tutorial begins with nothing.
    let start = sequence.examples.contains { $0.file.hasSuffix("TUTORIAL.md") } ? "rm -r spool\n" : ""
    let outcome = try folder.run(start + scripts.joined(separator: "\n"))
    #expect(outcome.status == 0, "\(outcome.output.suffix(2000))\(outcome.errors)")
  }

  /// The example itself; of one that has no end, with a bundle that arrives meanwhile and an end once it has been seen; of a
  /// file's content, the file and its check; nil where it is not run.
  private static func script(_ example: DocumentedExample) -> String? {
    switch ExampleException.of(example) {
    case nil: return example.script
    case .notRun: return nil
    case .content(let file, let check): return "cat > \(file) <<'END'\n\(example.script)\nEND\n\(check)"
    case .endless(let condition):
      return """
        set -m
        { \(example.script); } > told &
        job=$!
        mv friday.h5 spool/incoming
        ambd --once
        for _ in $(seq 600); do
          if \(condition); then break; fi
          sleep 0.1
        done
        kill -- -$job
        wait $job || true
        \(condition)
        """
    }
  }

  @Test func everyExceptionIsOfAnExample() {
    let examples = Documentation.sequences.flatMap(\.examples)
    for (file, exceptions) in ExampleException.all {
      let known = Set(examples.filter { $0.file == file }.map(\.firstLine))
      for line in exceptions.keys { #expect(known.contains(line), "\(file) has no example that begins: \(line)") }
    }
  }

  @Test func examplesAreFoundInEveryFormOfDisplay() {
    let manual = """
      .Dl $ ambq list --text \\(dqmy money\\(dq
      .Pp
      .Dl ambq status
      .Bd -literal -offset indent
      $ ambq errors
      $ sh -c 'printf a\\en'
      .Ed
      """
    let found = DocumentedExample.ofManual(manual, file: "man/x.1")
    #expect(found.map(\.line) == [1, 3, 5])
    #expect(
      found.map(\.script) == ["ambq list --text \"my money\"", "ambq status", "ambq errors\nsh -c 'printf a\\n'"])
    let document =
      "```sh\na\n```\n## one\n```\n## no heading\n```\n```sh\nb\nc\n```\n```sh\nd\n```\n## two\n```python\ne\n```\n"
    let sections = DocumentedExample.ofMarkdown(document, file: "docs/x.md")
    #expect(sections.map { $0.map(\.script) } == [["a"], ["b\nc", "d"]])
    #expect(sections.map { $0.map(\.line) } == [[2], [9, 13]])
  }
}
