import AmbqConfiguration
import DialogueDomain
import Foundation
import NightReports

/// One message: an event, or all bundles that failed since the last one.
struct DaemonMessage: Sendable, Equatable {
  private(set) var events: [DaemonEvent]
  /// How many events there were; the first ones are told one by one.
  private(set) var count = 1
  private let time: Date

  /// The most bundles that one message names.
  static let mostNamed = 20

  init(_ event: DaemonEvent, at time: Date) {
    events = [event]
    self.time = time
  }

  /// Takes another failed bundle in.
  ///
  /// - Returns: false where the two are not of one message.
  mutating func take(_ event: DaemonEvent) -> Bool {
    guard case .failed = events[0], case .failed = event else { return false }
    count += 1
    if events.count < Self.mostNamed { events.append(event) }
    return true
  }

  /// The most bytes of a message: quoted for curl, it still fits into what a command is handed.
  static let mostBytes = 24 << 10

  /// The JSON object that a command or a webhook gets; of whatever event, `text` says it in words.
  func json(spool: String, host: String) -> Data {
    let whole = encoded(spool: spool, host: host)
    guard whole.count > Self.mostBytes, events.count > 1 else { return whole }
    var shorter = self
    shorter.events.removeLast(events.count / 2)
    return shorter.json(spool: spool, host: host)
  }

  private func encoded(spool: String, host: String) -> Data {
    let body = Body(
      event: name, text: "ambd on \(host): \(text.prefix(1000))", time: time.formatted(.iso8601), host: host,
      spool: spool,
      night: night, count: isOfFailures ? count : nil, bundles: isOfFailures ? failures : nil, trouble: trouble)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Nothing in it can fail to be encoded: texts and whole numbers.
    return (try? encoder.encode(body)) ?? Data()
  }

  private struct Body: Encodable {
    struct Night: Encodable {
      var date: String
      var verdict: String
      var broken: [String]
      var page: String
    }
    struct Failure: Encodable {
      var bundle: String
      var error: Explanation
    }

    var event: String
    var text: String
    var time: String
    var host: String
    var spool: String
    var night: Night?
    var count: Int?
    var bundles: [Failure]?
    var trouble: Explanation?
  }

  private var isOfFailures: Bool { events[0].kind == .failed }

  private var name: String {
    switch events[0] {
    case .night: "night"
    case .failed: "failed"
    case .paused: "paused"
    case .resumed: "resumed"
    }
  }

  var text: String {
    switch events[0] {
    case .night(let date, let verdict, let broken, _):
      switch verdict {
      case .held: "the night of \(date) was judged: every limit holds"
      case .broken:
        "the night of \(date) breaks \(broken.count == 1 ? "a limit" : "\(broken.count) limits"): "
          + broken.joined(separator: "; ")
      case .unchecked: "the night of \(date) has a report; no limit could be checked"
      case .empty: "the night of \(date): nothing arrived"
      }
    case .failed(let bundle, let explanation):
      count == 1
        ? "\(bundle) failed: \(Self.reason(explanation))"
        : "\(count) bundles failed, \(bundle) first: \(explanation.what)"
    case .paused(let explanation): "the queue stands still: \(explanation.message)"
    case .resumed: "the queue goes on"
    }
  }

  /// What is wrong with a bundle, whose name has been said.
  private static func reason(_ explanation: Explanation) -> String {
    var reason = explanation
    reason.location = nil
    return reason.message
  }

  private var night: Body.Night? {
    guard case .night(let date, let verdict, let broken, let page) = events[0] else { return nil }
    return Body.Night(date: date, verdict: verdict.rawValue, broken: broken, page: page)
  }

  private var failures: [Body.Failure] {
    events.compactMap {
      guard case .failed(let bundle, let error) = $0 else { return nil }
      return Body.Failure(bundle: bundle, error: error)
    }
  }

  private var trouble: Explanation? {
    guard case .paused(let explanation) = events[0] else { return nil }
    return explanation
  }
}
