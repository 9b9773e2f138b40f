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
import TextEncoder

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
          settings.source,
          encoder: encoders.encoder(
            in: settings.encoder, of: settings.model, settings.scoring.precision.supported),
          threads: settings.scoring.threads == 0 ? Processor.cores : settings.scoring.threads)
      },
      models: {
        try ModelFolder(directory: $0.model).computed(in: $0.scoring.precision.supported)
      },
      logger: { Logger($0.log, environment: environment) },
      version: Version.current)
  }
}

/// The encoder of the configuration that counts, shared by scoring and probing.
private final class Encoders: Sendable {
  private let latest = Mutex<(key: String, encoder: LazyEncoder)?>(nil)

  /// - Parameter model: the model's folder, which may carry what its encoder was tuned to.
  func encoder(in folder: String, of model: URL, _ precision: Precision) -> LazyEncoder {
    // Another model may have come to lie in the same folder.
    let key = "\(folder)\n\(model.path)\n\(TunedEncoder.fingerprint(in: model))\n\(precision)"
    return latest.withLock { latest in
      if let latest, latest.key == key { return latest.encoder }
      let encoder = LazyEncoder(
        folder: folder.isEmpty ? nil : URL(fileURLWithPath: folder), model: model, precision: precision)
      latest = (key, encoder)
      return encoder
    }
  }
}

extension AmbdConfiguration {
  /// Reads bundles as configured: in a child process, unless the configuration says otherwise.
  fileprivate var source: any BundleSource {
    // What 0, no limit, comes to.
    let size = reader.memoryLimitMebibytes == 0 ? 1 << 40 : reader.memoryLimitMebibytes << 20
    var bundle = BundleLimits()
    bundle.utterances = limits.utterances == 0 ? .max : limits.utterances
    bundle.dialogueUtterances = limits.dialogueUtterances == 0 ? .max : limits.dialogueUtterances
    guard reader.isolated else { return BundleReader(sizeLimit: size, limits: bundle) }
    var limits = IsolatedBundleReader.Limits()
    limits.size = size
    limits.bundle = bundle
    limits.waitSeconds = reader.timeLimitSeconds == 0 ? .infinity : reader.timeLimitSeconds
    return IsolatedBundleReader(limits: limits)
  }
}
