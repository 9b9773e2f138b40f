import ArgumentParser
import Foundation
import ResultQueries

/// `ambq verify`: whether the files are those that the index tells of.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check label files and bundles against the index.",
    discussion: """
      Hashes every bundle in done/, compares every label file with the index, and names what is missing, changed, \
      unreadable or unknown to the index. Bundles that retention.done_days has deleted are counted apart. Changes nothing. \
      Ends with 1 where something does not agree.

      EXAMPLES:
        ambq verify
        ambq verify --quick
        ambq verify --format jsonl | jq -r 'select(.problem == "unknown") | .file'
        ambq verify --quiet || echo 'the spool and its index do not agree'
      """)

  @Flag(help: "Look at names and sizes only: nothing is hashed, and no label file is read.")
  var quick = false

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print only the files, relative to the spool, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws { try fields.check(print0: print0) }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp {
      try SpoolVerification.listFields(on: console)
      return try console.flush()
    }
    let progress = TerminalProgress(isSilent: common.quiet, environment: ProcessInfo.processInfo.environment)
    var verification = try SpoolVerification(common.source.location())
    verification.isQuick = quick
    verification.progress = progress.show
    defer { progress.clear() }
    let outcome = try verification.write(on: console)
    progress.clear()
    try console.flush()
    if !console.drawsTable, !common.quiet { AmbqCommand.complain(outcome.summary) }
    if outcome.disagreements > 0 { throw ExitCode(1) }
  }
}
