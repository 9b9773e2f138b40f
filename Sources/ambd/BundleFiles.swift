import Bundles
import Configuration
import Daemon
import Foundation

/// Bundle files as the daemon reads them: in a child process, unless the configuration says otherwise.
struct BundleFiles: BundleIntake {
  private let source: any BundleSource

  init(_ settings: AmbdConfiguration.Reader) {
    if settings.isolated {
      var limits = IsolatedBundleReader.Limits()
      limits.waitSeconds = settings.timeLimitSeconds == 0 ? .infinity : settings.timeLimitSeconds
      limits.size = Self.sizeLimit(settings)
      source = IsolatedBundleReader(limits: limits)
    } else {
      source = BundleReader(sizeLimit: Self.sizeLimit(settings))
    }
  }

  /// Bytes that a bundle and what it decodes to may have.
  private static func sizeLimit(_ settings: AmbdConfiguration.Reader) -> Int {
    settings.memoryLimitMebibytes == 0 ? 1 << 40 : settings.memoryLimitMebibytes << 20
  }

  func read(_ url: URL) throws -> BundleContent {
    let reading = try source.read(url)
    return BundleContent(bundle: reading.bundle, digest: reading.digest, byteCount: reading.byteCount)
  }
}
