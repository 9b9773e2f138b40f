import DialogueDomain
import Foundation
import ResultIndex

/// What somebody has changed in a file that `ambq export` wrote: the labels that are no longer those of the export.
public struct CorrectedExport {
  /// What is to be corrected, in the order of the file.
  public let requests: [CorrectionRequest]
  /// Labels in the file.
  public let labels: Int

  /// Compares a file with what the index holds.
  ///
  /// - Parameters:
  ///   - dialogue: the dialogue that a TextGrid is of, or whose labels alone count.
  ///   - bundle: the beginning of the digest of the bundle meant, where the file does not tell it.
  ///   - isReviewed: whether labels that were left as they are count as agreed with.
  /// - Throws: `ExportError`, `CorrectionFault`, `TranscriptError`, `IndexError`, `StorageError`.
  public init(
    _ url: URL, in reader: IndexReader, dialogue: String? = nil, bundle: String? = nil, isReviewed: Bool = false
  ) throws {
    try self.init(
      JudgedFile.content(url), name: url.lastPathComponent, in: reader, dialogue: dialogue, bundle: bundle,
      isReviewed: isReviewed)
  }

  /// The same of a file's content.
  ///
  /// - Parameter name: the file's name, whose ending tells the format.
  /// - Throws: likewise.
  public init(
    _ data: Data, name: String, in reader: IndexReader, dialogue: String? = nil, bundle: String? = nil,
    isReviewed: Bool = false
  ) throws {
    var places: [Dialogue: EmotionTierPlaces] = [:]
    let judged = try JudgedFile(data, name: name, dialogue: dialogue).labels
    let asked = try judged.map { label in
      let digest = label.bundleDigest ?? bundle
      let utterance: String
      switch label.place {
      case .utterance(let name): utterance = name
      case .tier(let tier, let start, let end):
        let key = Dialogue(digest: digest, name: label.dialogue)
        let known = try places[key] ?? EmotionTierPlaces(Self.rows(of: key, in: reader))
        places[key] = known
        guard let found = known.utterance(tier: tier, start: start, end: end) else {
          throw ExportError.elsewhere(
            "\(name): line \(label.line)", of: label.dialogue,
            found: "\(tier), \(Double(start) / 1000) to \(Double(end) / 1000) s")
        }
        utterance = found
      }
      return CorrectionRequest(
        line: label.line, bundleDigest: digest, dialogue: label.dialogue, utterance: utterance, emotion: nil)
    }
    let found = try reader.resolve(asked)
    let known = try reader.judgements(of: found.map(\.target))
    var requests: [CorrectionRequest] = []
    for ((label, found), known) in zip(zip(judged, found), known) {
      guard let known, let emotion = label.verdict(known, isReviewed: isReviewed) else { continue }
      requests.append(
        CorrectionRequest(
          line: label.line, bundleDigest: found.target.bundleDigest, dialogue: found.target.dialogue,
          utterance: found.target.utterance, emotion: emotion))
    }
    self.requests = requests
    labels = judged.count
  }

  /// More bytes than this are no export that somebody has gone through.
  public static var mostBytes: Int { JudgedFile.mostBytes }

  /// What a file that lies in a spool asks for: the labels that were changed where it is an export.
  ///
  /// - Parameter name: the file's name, whose ending tells the format.
  /// - Returns: nil where its lines are corrections themselves, as `NAME.corrections.jsonl` has them.
  /// - Throws: as `init`; also for JSON Lines that are neither.
  public static func requests(
    ofFile data: Data, name: String, in reader: () throws -> IndexReader
  ) throws -> [CorrectionRequest]? {
    let isLines = name.lowercased().hasSuffix(".jsonl")
    if isLines, !ExportMark.isBorne(by: data, kind: "jsonl") {
      guard name.lowercased().hasSuffix(InputKind.correction.endings[0]) else { throw ExportError.unmarked(name) }
      return nil
    }
    return try CorrectedExport(data, name: name, in: reader()).requests
  }

  private struct Dialogue: Hashable {
    var digest: String?
    var name: String
  }

  /// The utterances of one dialogue.
  private static func rows(of dialogue: Dialogue, in reader: IndexReader) throws -> [IndexedUtterance] {
    let first = CorrectionRequest(bundleDigest: dialogue.digest, dialogue: dialogue.name, utterance: "0", emotion: nil)
    let target: Correction.Target
    do {
      // Says which dialogue is missing, or that several have the name.
      target = try reader.resolve([first])[0].target
    } catch let fault as CorrectionFault where fault.isOfUnknownDialogue && dialogue.digest == nil {
      throw ExportError.noDialogue(dialogue.name)
    }
    var query = UtteranceQuery()
    query.dialogues = [QueryWords.literal(dialogue.name)]
    query.bundles = [target.bundleDigest]
    return try reader.utterances(query).filter { $0.dialogue == dialogue.name }
  }
}

extension EmotionTierPlaces {
  /// Programs write times by rules of their own: a millisecond to either side is the same place.
  fileprivate func utterance(tier: String, start: Int, end: Int) -> String? {
    for first in [start, start - 1, start + 1] {
      for last in [end, end - 1, end + 1] {
        if let found = utterances[Place(tier: tier, start: first, end: last)] { return found }
      }
    }
    return nil
  }
}

/// Names within patterns.
enum QueryWords {
  /// The pattern that a name alone matches.
  static func literal(_ name: String) -> String {
    name.replacing("\\", with: "\\\\").replacing("*", with: "\\*").replacing("?", with: "\\?")
  }
}
