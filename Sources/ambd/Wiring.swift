import Configuration
import Daemon
import Foundation
import Logging

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
      intake: { _ in StandInIntake() },
      model: { _ in StandInModel() },
      ledger: { try StandInLedger($0) },
      logger: { Logger($0.log, environment: environment) },
      version: Command.version)
  }
}
