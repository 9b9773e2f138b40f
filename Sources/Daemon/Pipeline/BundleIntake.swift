import Dialogue
import Foundation

/// Reads bundles for the pipeline.
public protocol BundleIntake: Sendable {
  /// Reads and checks one bundle.
  ///
  /// - Throws: preferably an `ExplainedError`; `isTransient` tells whether a later try can succeed.
  func read(_ url: URL) throws -> BundleContent
}

/// A bundle read from a file.
public struct BundleContent: Sendable {
  public var bundle: FeatureBundle
  /// SHA-256 of the bytes it was decoded from, lower-case hexadecimal.
  public var digest: String
  public var byteCount: Int

  public init(bundle: FeatureBundle, digest: String, byteCount: Int) {
    self.bundle = bundle
    self.digest = digest
    self.byteCount = byteCount
  }
}
