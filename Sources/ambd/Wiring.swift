import AMBDSGDN
import AmbqConfiguration
import DialogueBundles
import DialogueDomain
import Foundation
import Logging
import ScoringDaemon

/// Puts the daemon's parts together for this command line.
struct Wiring {
  let file: String?
  let overrides: [String: String]

  var assembly: DaemonAssembly {
    let environment = ProcessInfo.processInfo.environment
    return DaemonAssembly(
      configuration: { [file, overrides] in
        try LoadedConfiguration(
          file: file.map { URL(fileURLWithPath: $0, isDirectory: false) }, environment: environment,
          overrides: overrides)
      },
      intake: { $0.reader.source },
      model: { try Model(directory: $0.model) },
      logger: { Logger($0.log, environment: environment) },
      version: Version.current)
  }
}

extension AmbdConfiguration.Reader {
  /// Reads bundles as configured: in a child process, unless the configuration says otherwise.
  fileprivate var source: any BundleSource {
    // What 0, no limit, comes to.
    let size = memoryLimitMebibytes == 0 ? 1 << 40 : memoryLimitMebibytes << 20
    guard isolated else { return BundleReader(sizeLimit: size) }
    var limits = IsolatedBundleReader.Limits()
    limits.size = size
    limits.waitSeconds = timeLimitSeconds == 0 ? .infinity : timeLimitSeconds
    return IsolatedBundleReader(limits: limits)
  }
}
