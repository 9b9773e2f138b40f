import Foundation
import Testing

/// A command, or some, as a manual page or a document prints them for people to type.
struct DocumentedExample: Sendable {
  /// Relative to the project's root, as in `man/ambq.1`.
  let file: String
  /// Counted from 1.
  let line: Int
  /// The lines without what mdoc and prompts add.
  let script: String

  var firstLine: String { script.components(separatedBy: "\n")[0] }
}

/// Examples that are typed one after the other: what one leaves behind, the next finds.
struct ExampleSequence: Sendable, CustomTestStringConvertible {
  let examples: [DocumentedExample]

  var testDescription: String { examples.first.map { "\($0.file):\($0.line) \($0.firstLine)" } ?? "nothing" }
}

extension DocumentedExample {
  /// Of a manual page: each line that `.Dl` displays, and each display between `.Bd -literal` and `.Ed`.
  static func ofManual(_ text: String, file: String) -> [DocumentedExample] {
    var found: [DocumentedExample] = []
    var display: [String]?
    for (number, line) in zip(1..., text.components(separatedBy: "\n")) {
      if line == ".Ed", let lines = display {
        found.append(
          DocumentedExample(file: file, line: number - lines.count, script: lines.map(typed).joined(separator: "\n")))
        display = nil
      } else if display != nil {
        display?.append(line)
      } else if line.hasPrefix(".Bd -literal") {
        display = []
      } else if line.hasPrefix(".Dl ") {
        found.append(DocumentedExample(file: file, line: number, script: typed(String(line.dropFirst(4)))))
      }
    }
    return found
  }

  /// Of Markdown: each block between a line ```` ```sh ```` and its end, by the heading of level two that it stands under.
  static func ofMarkdown(_ text: String, file: String) -> [[DocumentedExample]] {
    var sections: [[DocumentedExample]] = [[]]
    var block: [String]?
    var isOther = false
    for (number, line) in zip(1..., text.components(separatedBy: "\n")) {
      if line.hasPrefix("```") {
        if let lines = block {
          let script = lines.joined(separator: "\n")
          sections[sections.count - 1].append(
            DocumentedExample(file: file, line: number - lines.count, script: script))
          block = nil
        } else if isOther {
          isOther = false
        } else if line == "```sh" {
          block = []
        } else {
          isOther = true
        }
      } else if block != nil {
        block?.append(line)
      } else if !isOther && line.hasPrefix("## ") {
        sections.append([])
      }
    }
    return sections.filter { !$0.isEmpty }
  }

  /// A line of mdoc as a person types it.
  private static func typed(_ line: String) -> String {
    let escapes = [("\\(dq", "\""), ("\\-", "-"), ("\\&", ""), ("\\e", "\\")]
    let plain = escapes.reduce(line) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    return plain.hasPrefix("$ ") ? String(plain.dropFirst(2)) : plain
  }
}

/// The manual pages and documents whose examples are run.
enum Documentation {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Relative to the project's root.
  static let documents = ["README.md"] + names(in: "docs").filter { $0.hasSuffix(".md") }

  /// Each example of a manual page for itself; those of a document by section, those of the tutorial as a whole.
  static let sequences: [ExampleSequence] = {
    let manuals = names(in: "man").flatMap { file in
      DocumentedExample.ofManual(text(file), file: file).map { ExampleSequence(examples: [$0]) }
    }
    return manuals
      + documents.flatMap { file in
        let sections = DocumentedExample.ofMarkdown(text(file), file: file)
        let sequences = file.hasSuffix("TUTORIAL.md") ? [Array(sections.joined())] : sections
        return sequences.filter { !$0.isEmpty }.map(ExampleSequence.init)
      }
  }()

  /// Empty where the file cannot be read, so that its exceptions and links fail.
  static func text(_ file: String) -> String {
    (try? String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)) ?? ""
  }

  static func exists(_ file: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(file).path)
  }

  private static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }
  }
}
