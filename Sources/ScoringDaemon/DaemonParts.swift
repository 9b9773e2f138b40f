import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import LabelFiles
import Logging
import Tensors

/// How the daemon gets what it works with: at the start, and again when it is told to reload.
public struct DaemonAssembly: Sendable {
  /// Reads the configuration's sources.
  public var configuration: @Sendable () throws -> LoadedConfiguration
  /// Makes the reader of bundles.
  public var intake: @Sendable (AmbdConfiguration) throws -> any BundleSource
  /// Loads and checks the models of the model directory.
  public var models: @Sendable (AmbdConfiguration) throws -> ModelFolder
  /// Makes the log.
  public var logger: @Sendable (AmbdConfiguration) -> Logger
  /// The version that the index names.
  public var version: String

  /// Takes what a daemon is put together from.
  public init(
    configuration: @escaping @Sendable () throws -> LoadedConfiguration,
    intake: @escaping @Sendable (AmbdConfiguration) throws -> any BundleSource,
    models: @escaping @Sendable (AmbdConfiguration) throws -> ModelFolder,
    logger: @escaping @Sendable (AmbdConfiguration) -> Logger, version: String
  ) {
    self.configuration = configuration
    self.intake = intake
    self.models = models
    self.logger = logger
    self.version = version
  }
}

/// What the configuration calls for, as one value: a reload replaces all of it or nothing.
struct DaemonParts {
  let settings: AmbdConfiguration
  let logger: Logger
  let models: ModelFolder
  let scorer: BundleScorer
  let intake: any BundleSource
  /// Makes a reader like `intake`.
  let makeIntake: @Sendable () throws -> any BundleSource
  /// Nil where bundles are not probed.
  let probes: ProbePolicy?

  /// Loads everything; what looks like a mistake in the configuration is logged.
  ///
  /// - Throws: `SettingError`, or whatever the assembly throws for the model.
  init(_ assembly: DaemonAssembly) throws {
    let loaded = try assembly.configuration()
    let settings = loaded.values
    self.settings = settings
    probes = try ProbePolicy(settings.probes)
    logger = assembly.logger(settings)
    for warning in loaded.warnings + settings.scoring.precision.warnings { logger.warning("\(warning)") }
    models = try assembly.models(settings)
    scorer = BundleScorer(
      models, threads: Self.threads(settings.scoring.threads), strict: settings.scoring.strict)
    makeIntake = { try assembly.intake(settings) }
    intake = try makeIntake()
  }

  func prober(of model: Model) -> BundleProber {
    BundleProber(model, matching: settings.labels.matching, threads: Self.threads(settings.probes.threads))
  }

  var deferral: DeferralPolicy { DeferralPolicy(settings.deferral) }

  func labels(in spool: Spool) -> LabelFileWriter {
    LabelFileWriter(folder: spool.layout.labels, layout: settings.labels.layout)
  }

  /// What the label file of an input is called.
  func labelName(stem: String) -> String {
    LabelFileWriter(folder: settings.layout.labels, layout: settings.labels.layout).name(stem: stem)
  }

  /// 0 stands for all processors.
  private static func threads(_ configured: Int) -> Int {
    configured == 0 ? Processor.cores : configured
  }
}

extension Precision {
  /// What a person should know who has asked for it.
  public var warnings: [String] {
    guard !isSupported, let instructions else { return [] }
    return ["scoring.precision is \(rawValue), and this processor has no \(instructions): fp32 is computed instead"]
  }
}
