import AmbqConfiguration
import Corrections
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import ResultIndex

/// Puts corrections into a spool for the daemon, which alone writes to the index.
public struct CorrectionDelivery {
  private let layout: SpoolLayout
  private let reader: IndexReader

  /// - Parameters:
  ///   - layout: the spool.
  ///   - reader: its index: what makes no sense by it is refused at once.
  public init(_ layout: SpoolLayout, _ reader: IndexReader) {
    self.layout = layout
    self.reader = reader
  }

  /// What was handed over.
  public struct Delivered: Sendable {
    /// The file's name in `incoming`.
    public let file: String
    /// What the corrections mean, in their order.
    public let found: [CorrectionResolution.Found]
  }

  /// Says what corrections mean, a line each, by the turn that listings show: `tea:3: joy → anger (Anna)`.
  ///
  /// - Throws: `OutputError`.
  public static func tell(_ found: [CorrectionResolution.Found], by: String, on console: ResultConsole) throws {
    for correction in found {
      let place = "\(correction.target.dialogue):\(correction.turn)"
      let emotion = correction.emotion.map { "\(correction.label) → \($0)" } ?? "withdrawn"
      try console.line(console.styled("\(place): \(emotion) (\(by))", .plain))
    }
  }

  /// Writes corrections into `incoming`, whole and on the disk when this returns.
  ///
  /// - Parameters:
  ///   - by: who says so.
  ///   - now: when.
  ///   - turnsFirst: whether a number is a turn before it is an id.
  /// - Throws: `CorrectionFault` for one that means nothing of the index, `CorrectionError` beyond a limit, `IndexError`,
  ///   `StorageError`.
  public func deliver(
    _ requests: [CorrectionRequest], by: String, at now: Date, turnsFirst: Bool = false
  ) throws -> Delivered {
    let found = try reader.resolve(requests, turnsFirst: turnsFirst)
    let resolved = zip(requests, found).map { request, found in
      CorrectionRequest(
        bundleDigest: found.target.bundleDigest, dialogue: found.target.dialogue, utterance: found.target.utterance,
        emotion: found.emotion, by: by, at: now)
    }
    let content = try CorrectionFile.content(resolved)
    try CorrectionFile.check(content, name: "these corrections")
    let time = TimeText.iso(now).filter { $0.isNumber || $0 == "T" }
    let file = "\(time)-\(getpid())\(InputKind.correction.endings[0])"
    try DurableFile.write(content, to: layout.incoming.appendingPathComponent(file, isDirectory: false))
    return Delivered(file: file, found: found)
  }
}
