import DialogueDomain
import Foundation
import ResultIndex

/// A line of `ambq bundles`: a scoring or a failure.
struct BundleEntry {
  enum State: String, CaseIterable {
    case scored
    case superseded
    case deferred
    case failed
  }

  let state: State
  let name: String
  let title: String
  let digest: String?
  /// When it was scored, or failed.
  let time: Date
  /// Nil where it failed.
  let bundle: IndexedBundle?
  /// Nil where no probe was asked for.
  let probe: ProbeState?
  let probeReason: String?
  /// Nil where it was scored.
  let failure: Explanation?

  init(_ bundle: IndexedBundle, _ probe: (state: ProbeState, reason: String?)?) {
    state = bundle.isCurrent ? .scored : .superseded
    name = bundle.name
    title = bundle.title
    digest = bundle.digest
    time = bundle.scored
    self.bundle = bundle
    self.probe = probe?.state
    probeReason = probe?.reason
    failure = nil
  }

  init(_ failure: FailureRecord) {
    state = failure.state == .failed ? .failed : .deferred
    name = failure.name
    title = name
    digest = failure.digest
    time = failure.time
    bundle = nil
    probe = nil
    probeReason = nil
    self.failure = failure.explanation
  }

  /// Entries in order; the index has sorted the scorings alone.
  static func sorted(_ entries: [BundleEntry], by field: BundleQuery.Field, descending: Bool) -> [BundleEntry] {
    let numbered = entries.enumerated().sorted { left, right in
      let isBefore: Bool?
      switch field {
      case .time: isBefore = order(left.element.time, right.element.time)
      case .name: isBefore = order(left.element.title, right.element.title)
      case .utterances: isBefore = order(left.element.bundle?.utterances ?? 0, right.element.bundle?.utterances ?? 0)
      case .seconds: isBefore = order(left.element.bundle?.seconds ?? 0, right.element.bundle?.seconds ?? 0)
      }
      guard let isBefore else { return left.offset < right.offset }
      return isBefore != descending
    }
    return numbered.map(\.element)
  }

  /// Nil where the two are equal.
  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Bool? {
    left == right ? nil : left < right
  }
}
