import AmbqConfiguration
import DialogueBundles
import Foundation
import Logging

/// How the daemon gets what it works with: at the start, and again when it is told to reload.
public struct DaemonAssembly: Sendable {
  /// Reads the configuration's sources.
  public var configuration: @Sendable () throws -> LoadedConfiguration
  /// Makes the reader of bundles.
  public var intake: @Sendable (AmbdConfiguration) throws -> any BundleSource
  /// Loads and checks the model.
  public var model: @Sendable (AmbdConfiguration) throws -> any EmotionModel
  /// Opens the index.
  public var ledger: @Sendable (SpoolLayout) throws -> any ResultLedger
  /// Makes what writes nightly reports; nil for none.
  public var reports: @Sendable (SpoolLayout) -> (any ReportWriter)?
  /// Makes the log.
  public var logger: @Sendable (AmbdConfiguration) -> Logger
  /// The version that the index and `--check` name.
  public var version: String

  public init(
    configuration: @escaping @Sendable () throws -> LoadedConfiguration,
    intake: @escaping @Sendable (AmbdConfiguration) throws -> any BundleSource,
    model: @escaping @Sendable (AmbdConfiguration) throws -> any EmotionModel,
    ledger: @escaping @Sendable (SpoolLayout) throws -> any ResultLedger,
    reports: @escaping @Sendable (SpoolLayout) -> (any ReportWriter)? = { _ in nil },
    logger: @escaping @Sendable (AmbdConfiguration) -> Logger, version: String
  ) {
    self.configuration = configuration
    self.intake = intake
    self.model = model
    self.ledger = ledger
    self.reports = reports
    self.logger = logger
    self.version = version
  }
}
