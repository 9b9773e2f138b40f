import AmbqConfiguration
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex
import ResultQueries
import TestFolders

@testable import ResultServing

/// A spool with a small index, and the service that answers about it.
final class ServedSample {
  /// Sunday, 22 November 2026, 19:40 UTC.
  static let evening = Date(timeIntervalSince1970: 1_795_376_400)
  static let port = 8642
  static let token = "0123456789abcdef"

  let folder: TemporaryFolder
  let layout: SpoolLayout
  let token: AccessToken?

  /// - Parameters:
  ///   - isFilled: with an index.
  ///   - hasToken: as at a port; else as at a socket.
  init(isFilled: Bool = true, hasToken: Bool = false) throws {
    folder = try TemporaryFolder()
    layout = SpoolLayout(root: folder.url)
    token = hasToken ? try AccessToken(environment: [AccessToken.variable: Self.token]) : nil
    if isFilled { try fill() }
  }

  /// Two dialogues, one of them with a name that markup and addresses have to be careful with.
  static let oddName = "a/b & \u{202E}<c>?d=1"

  func fill() throws {
    let writer = try IndexWriter(layout.index)
    let emotions = EmotionSet(["neutral", "joy", "anger"])
    let utterances =
      (0..<5).map { Self.utterance("tea", $0, emotions) } + (0..<3).map { Self.utterance(Self.oddName, $0, emotions) }
    let bundle = ScoredBundle(
      name: "friday.h5", digest: String(repeating: "1a", count: 32), modelName: "meld-minilm",
      modelDigest: String(repeating: "5e", count: 32), emotions: emotions, utterances: utterances)
    _ = try writer.record(
      bundle,
      ScoringRecord(
        arrived: Self.evening - 1, scored: Self.evening, seconds: 0.25, labelFile: "labels/friday.tsv", byteCount: 4096)
    )
    try writer.close()
  }

  private static func utterance(_ dialogue: String, _ turn: Int, _ emotions: EmotionSet) -> ScoredUtterance {
    let speaker = turn % 2 == 0 ? "Rachel" : "Ross"
    let start = Double(turn)
    return ScoredUtterance(
      dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn, speaker: speaker, start: start,
      end: start + 0.5,
      emotion: emotions[turn % 3], confidence: 0.5, probabilities: [0.5, 0.25, 0.25],
      branchLogits: [.text: [1, 0, 0]], shares: [.text: 1], margin: nil, truth: nil)
  }

  var service: ResultService {
    get throws {
      // No configuration file of the machine may count here.
      let location = try ResultLocation(spool: layout.root.path, environment: ["AMBD_CONFIG": ""])
      return ResultService(location, RequestGate(token: token))
    }
  }

  func answer(_ target: String) throws -> ServedAnswer {
    try answer(ServedRequest(target: target, hosts: ["localhost"]))
  }

  func answer(_ request: ServedRequest) throws -> ServedAnswer { try service.answer(request) }
}

extension ServedAnswer {
  /// The body as text.
  var text: String {
    get throws {
      switch body {
      case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
      case .file(let file): try String(contentsOfFile: "/proc/self/fd/\(file.descriptor)", encoding: .utf8)
      }
    }
  }

  /// The body as an array of objects.
  var objects: [[String: Any]] {
    get throws { try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? [] }
  }

  /// The parts of an error; empty for any other answer.
  var error: [String: Any] {
    get throws {
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      return object?["error"] as? [String: Any] ?? [:]
    }
  }

  func field(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
