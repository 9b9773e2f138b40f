import ArgumentParser
import Foundation
import ResultQueries

/// `ambq status`: the daemon, the queue and the index at a glance.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how the daemon, the queue and the index are.",
    discussion: """
      Ends with 69 where no daemon is running.

      EXAMPLES:
        ambq status
        ambq status --format json | jq .daemon.state
        watch -n 5 ambq status
      """)

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func run() throws {
    let status = try SystemStatus(common.source.location())
    let console = try common.console(elsewhere: .table, fields: nil)
    try StatusPrinter(status, console).print()
    try console.flush()
    if status.isWithoutDaemon { throw ExitCode(EX_UNAVAILABLE) }
  }
}
