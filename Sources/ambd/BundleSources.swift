import AmbqConfiguration
import DialogueBundles

extension AmbdConfiguration.Reader {
  /// Reads bundles as configured: in a child process, unless the configuration says otherwise.
  var source: any BundleSource {
    // What 0, no limit, comes to.
    let size = memoryLimitMebibytes == 0 ? 1 << 40 : memoryLimitMebibytes << 20
    guard isolated else { return BundleReader(sizeLimit: size) }
    var limits = IsolatedBundleReader.Limits()
    limits.size = size
    limits.waitSeconds = timeLimitSeconds == 0 ? .infinity : timeLimitSeconds
    return IsolatedBundleReader(limits: limits)
  }
}
