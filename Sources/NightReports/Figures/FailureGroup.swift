import DialogueDomain
import Foundation
import Presentation
import ResultIndex

/// Bundles that could not be scored for one reason, and how to mend it.
public struct FailureGroup: Codable, Sendable, Equatable {
  /// What became of them.
  public enum State: String, Codable, Sendable {
    /// Somebody has to do something.
    case failed
    /// The daemon tries again by itself.
    case deferred
    /// They have been scored or dropped since.
    case settled
  }

  /// What became of them.
  public var state: State
  /// What is wrong, with what was found and expected, in words.
  public var what: String
  /// What to do about it.
  public var remedy: String
  /// How many bundles.
  public var count: Int
  /// Their names in the order of time, `listed` at most.
  public var bundles: [String]

  private static let listed = 5

  /// Those that need somebody first, the most frequent first.
  static func all(_ failures: [FailureRecord]) -> [FailureGroup] {
    var groups: [FailureGroup] = []
    for failure in failures {
      let group = FailureGroup(failure)
      if let place = groups.firstIndex(where: {
        ($0.state, $0.what, $0.remedy) == (group.state, group.what, group.remedy)
      }) {
        groups[place].count += 1
        if groups[place].bundles.count < listed, !groups[place].bundles.contains(failure.name) {
          groups[place].bundles.append(failure.name)
        }
      } else {
        groups.append(group)
      }
    }
    let order: [State] = [.failed, .deferred, .settled]
    return order.flatMap { state in
      groups.filter { $0.state == state }.enumerated().sorted {
        ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
      }.map(\.element)
    }
  }

  private init(_ failure: FailureRecord) {
    let explanation = failure.explanation
    state = failure.isResolved ? .settled : failure.state == .deferred ? .deferred : .failed
    count = 1
    bundles = [failure.name]
    // The file is named by `bundles`; what is left of the place, such as a modality, is part of what is wrong.
    let place = explanation.location.flatMap { location -> String? in
      let prefix = failure.name + ": "
      return location.hasPrefix(prefix) ? String(location.dropFirst(prefix.count)) : nil
    }
    var text = (place.map { "\($0): " } ?? "") + explanation.what
    if let found = explanation.found { text += "; found \(found)" }
    if let expected = explanation.expected { text += "; expected \(expected)" }
    what = text
    switch state {
    case .settled: remedy = "settled since; nothing to do."
    case .deferred:
      remedy =
        "ambd tries again by itself." + (explanation.remedy.map { " \($0)" } ?? "")
    case .failed:
      remedy =
        explanation.remedy
        ?? (explanation.kind == .io
          ? "Have it tried again: 'ambq retry \(failure.name)'."
          : "Make the file anew and put it into incoming; 'ambtrain check FILE' says beforehand whether it is sound.")
    }
  }

  /// The names, and how many more.
  var names: String {
    bundles.joined(separator: ", ")
      + (count > bundles.count ? " and \(NumberText.count(count - bundles.count)) more" : "")
  }
}
