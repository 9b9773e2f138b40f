import Foundation

/// A bundle in `active`: this daemon's alone until it is finished.
public struct ClaimedBundle: Sendable {
  /// What labels, index and messages call it.
  public let name: BundleName
  /// Where it lies now.
  public let url: URL
  /// When it came into the spool.
  public let arrived: Date
  /// The note of its earlier tries, where it had any.
  public let note: DeferralNote?
}
