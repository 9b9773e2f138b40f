import AMBDSGDN
import AmbqConfiguration
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
      model: {
        ScoringModel(
          try Model(directory: $0.model), threads: $0.scoring.threads, probeThreads: $0.probes.threads)
      },
      ledger: { try IndexLedger($0) },
      reports: { NightReportFiles($0) },
      logger: { Logger($0.log, environment: environment) },
      version: Version.current)
  }
}
