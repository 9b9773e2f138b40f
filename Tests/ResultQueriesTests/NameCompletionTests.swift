import DialogueDomain
import Foundation
import ResultIndex
import Testing

@testable import ResultQueries

struct NameCompletionTests {
  private let sample: SampleIndex

  /// The sample with speakers whose names a shell could take for more than names.
  init() throws {
    sample = try SampleIndex()
    let writer = try IndexWriter(sample.layout.index)
    let speakers = ["Müller, Jörg", "Mo $(reboot)", "M\u{1B}[2J", "Mo's", "M\nN"]
    try sample.record(
      writer, "odd.h5", digit: "7",
      speakers.enumerated().map { sample.utterance("odd", $0.offset, $0.element, "joy", 0.5) }, after: 60)
    try writer.close()
  }

  private func offered(
    _ kind: NameCompletion.Kind, _ typed: String, _ shell: NameCompletion.Shell = .fish, words: [String]? = nil
  ) -> [String] {
    NameCompletion(
      words: words ?? ["ambq", "list", "--spool", sample.layout.root.path], environment: ["AMBD_CONFIG": ""],
      for: shell
    ).candidates(kind, typed: typed)
  }

  @Test func namesOfTheIndexAreOffered() {
    #expect(offered(.name(.speaker), "R") == ["Rachel", "Ross"])
    #expect(offered(.name(.speaker), "Ro*").isEmpty)
    #expect(offered(.name(.dialogue), "") == ["odd", "tea", "walk"])
    #expect(offered(.name(.bundle), "s") == ["saturday.h5"])
    #expect(offered(.name(.model), "meld") == ["meld-minilm"])
    #expect(offered(.emotion, "") == ["neutral", "joy", "anger", "fear"] && offered(.emotion, "a") == ["anger"])
  }

  @Test func theLastNameOfAListIsCompleted() {
    #expect(offered(.emotion, "joy,a") == ["joy,anger"])
    #expect(offered(.name(.speaker), "Ross,Mü") == ["Ross,Müller\\, Jörg"])
    #expect(offered(.name(.speaker), "'Müller\\, J") == ["Müller\\, Jörg"])
    // However its letters are composed.
    #expect(offered(.name(.speaker), "Mu\u{308}") == ["Müller\\, Jörg"])
  }

  @Test func noNameBecomesACommandOrSteersTheTerminal() {
    #expect(offered(.name(.speaker), "Mo") == ["Mo $(reboot)", "Mo's"])
    #expect(offered(.name(.speaker), "Mo", .bash) == ["'Mo $(reboot)'", "'Mo'\\''s'"])
    #expect(offered(.name(.speaker), "Mü", .zsh) == ["Müller\\\\, Jörg"])
    #expect(NameCompletion.Shell.zsh.offer("a:b") == "a\\:b")
    #expect(offered(.name(.speaker), "M").allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
  }

  @Test func theSpoolIsTheOneOnTheLine() {
    let path = sample.layout.root.path
    for words in [["--spool=\(path)"], ["--spool", "'\(path)'"], ["--index", "\(sample.layout.index.path)"]] {
      #expect(offered(.name(.speaker), "Ra", words: ["ambq", "list"] + words) == ["Rachel"])
    }
    #expect(offered(.name(.speaker), "Ra", words: ["ambq", "list", "--spool", "/nowhere"]).isEmpty)
  }
}
