import DialogueDomain
import Foundation

/// Why a bundle lies in `failed`: `<name>.error.json` beside it.
public struct FailureReport: Codable, Sendable, Hashable {
  /// The bundle's name when it came.
  public var bundle: String
  /// SHA-256 of its bytes; absent where they cannot be read.
  public var digest: String?
  public var kind: Explanation.Kind
  public var what: String
  public var location: String?
  public var found: String?
  public var expected: String?
  public var remedy: String?
  /// When it was given up.
  public var time: Date
  /// How often it was tried.
  public var tries: Int

  public init(_ explanation: Explanation, of claimed: ClaimedBundle, digest: String?, at time: Date) {
    bundle = claimed.name.text
    self.digest = digest
    kind = explanation.kind
    what = explanation.what
    location = explanation.location
    found = explanation.found
    expected = explanation.expected
    remedy = explanation.remedy
    self.time = time
    tries = (claimed.note?.tries ?? 0) + 1
  }
}
