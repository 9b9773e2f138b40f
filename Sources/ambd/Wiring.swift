import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import DialogueBundles
import DialogueDomain
import Foundation
import Logging
import ScoringDaemon
import Synchronization
import Tensors

/// Puts the daemon's parts together for this command line.
struct Wiring {
  let file: String?
  let overrides: [String: String]
  private let encoders = Encoders()

  var assembly: DaemonAssembly {
    let environment = ProcessInfo.processInfo.environment
    return DaemonAssembly(
      configuration: { [file, overrides] in
        try LoadedConfiguration(
          file: file.map { URL(fileURLWithPath: $0, isDirectory: false) }, environment: environment,
          overrides: overrides)
      },
      intake: { [encoders] settings in
        SpokenBundleSource(
          settings.reader.source, encoder: encoders.encoder(in: settings.encoder),
          threads: settings.scoring.threads == 0 ? Processor.cores : settings.scoring.threads)
      },
      model: { try Model(directory: $0.model) },
      logger: { Logger($0.log, environment: environment) },
      version: Version.current)
  }
}

/// The encoder of the configuration that counts, shared by scoring and probing.
private final class Encoders: Sendable {
  private let latest = Mutex<(folder: String, encoder: LazyEncoder)?>(nil)

  func encoder(in folder: String) -> LazyEncoder {
    latest.withLock { latest in
      if let latest, latest.folder == folder { return latest.encoder }
      let encoder = LazyEncoder(folder: folder.isEmpty ? nil : URL(fileURLWithPath: folder))
      latest = (folder, encoder)
      return encoder
    }
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
