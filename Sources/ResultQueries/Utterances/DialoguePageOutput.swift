import DialogueDomain
import DialoguePages
import Foundation
import OperatingSystem
import Presentation
import ResultIndex

/// `ambq show --html`: one dialogue as a page in a file.
public struct DialoguePageOutput {
  private let reader: IndexReader
  private let location: ResultLocation
  /// What runs the model again, or why nothing can.
  private let program: Result<ExplainingProgram, any Error>

  /// Makes pages of an index's dialogues.
  ///
  /// - Parameter program: runs the model again, or why none can: the page then goes without the attention.
  public init(_ reader: IndexReader, at location: ResultLocation, by program: Result<ExplainingProgram, any Error>) {
    (self.reader, self.location, self.program) = (reader, location, program)
  }

  /// Stands for a file in the working folder that is called as the dialogue is.
  public static let workingFolder = "."

  /// What has been written.
  public struct Written {
    /// Where it lies; nil for standard output.
    public let file: URL?
    /// Why the page goes without the attention; nil where it has it.
    public let remark: String?
  }

  /// Writes the page of the one dialogue that a query finds.
  ///
  /// - Parameters:
  ///   - file: where to; `-` for standard output, or `workingFolder`.
  /// - Returns: nil where there is no such dialogue.
  /// - Throws: `QueryError` where several dialogues are meant or the file cannot be written; `IndexError`, `OutputError`.
  public func write(_ query: UtteranceQuery, to file: String, descriptor: Int32 = 1) throws -> Written? {
    guard let turns = try DialogueSearch(reader).turns(query), let first = turns.first else { return nil }
    let (attention, remark) = attention(turns, of: first.bundle)
    let html = DialoguePage(turns, attention: attention, matching: reader.matching).html
    if file == "-" {
      var writer = OutputWriter(descriptor: descriptor)
      try writer.write(html)
      try writer.flush()
      return Written(file: nil, remark: remark)
    }
    let url = URL(fileURLWithPath: file == Self.workingFolder ? "\(SafeFileName.of(first.dialogue)).html" : file)
    do {
      try Data(html.utf8).write(to: url, options: .atomic)
    } catch {
      throw QueryError(io: "the page cannot be written", at: url.path, found: error.localizedDescription)
    }
    return Written(file: url, remark: remark)
  }

  /// The page of the one dialogue that a query finds, of the index alone: no model runs.
  ///
  /// - Parameter parent: the page that leads there.
  /// - Returns: nil where there is no such dialogue.
  /// - Throws: `QueryError` where several dialogues are meant; `IndexError`.
  public static func pageOfIndex(
    _ query: UtteranceQuery, _ reader: IndexReader, parent: (file: String, words: String)
  ) throws -> String? {
    guard let turns = try DialogueSearch(reader).turns(query), let first = turns.first else { return nil }
    let attention = DialoguePage.Attention.notInIndex(dialogue: first.dialogue, bundleDigest: first.bundle.digest)
    return DialoguePage(turns, attention: attention, parent: parent, matching: reader.matching).html
  }

  private func attention(
    _ turns: [IndexedUtterance], of bundle: IndexedBundle
  ) -> (DialoguePage.Attention, remark: String?) {
    do {
      let explained = try ExplainedDialogue(
        turns, of: bundle, turn: nil, from: reader, at: location, by: program.get())
      guard explained.agreement.holds else {
        return Self.missing("run again, the model no longer says what the index holds.")
      }
      return (.told(explained.explanation), nil)
    } catch {
      return Self.missing((error as? any ExplainedError)?.explanation.message ?? "\(error)")
    }
  }

  private static func missing(_ why: String) -> (DialoguePage.Attention, remark: String?) {
    let sentence = "The page does not tell whom each utterance listened to: \(why)"
    return (.missing(sentence), sentence)
  }
}
