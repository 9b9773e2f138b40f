import AmbqConfiguration
import ArgumentParser
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import ScoringDaemon
import Tensors

/// The command line of `ambd`: parses, wires, and hands over to the daemon.
@main
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ambd",
    abstract: "Score the dialogue feature bundles that arrive in a spool.",
    discussion: """
      Bundles dropped into SPOOL/incoming are labelled by the model: labels in SPOOL/labels, rows in \
      SPOOL/index.sqlite, where ambq finds them. Values go command line over environment over file over default.

      Examples:
        ambd --spool spool                         watch until told to stop
        ambd --spool spool --once                  score what is there, then end
        ambd --config /etc/ambq/ambd.toml --check  say what would be used
      """,
    version: Version.line(of: "ambd"), subcommands: [ExplainCommand.self, ScoreCommand.self])

  @Option(help: ArgumentHelp("The spool folder.", valueName: "folder"))
  var spool: String?

  @Flag(help: "Score what is there, then end: with 0, or 1 where a bundle failed or was deferred.")
  var once = false

  @Flag(help: "Check configuration and model, print what would be used, and end.")
  var check = false

  @Flag(help: "Move the index away, make it again from the bundles in done, and end.")
  var rebuildIndex = false

  @OptionGroup var common: ConfigurationOptions

  /// A reader's child process starts with this program too; it reads one bundle and ends.
  static func main() {
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
    do throws(SurroundingsError) {
      try ProcessSurroundings.prepare()
    } catch {
      LineLogHandler.standardError("ambd: \(error.explanation.message)\n")
      _exit(error.explanation.kind.exitCode)
    }
    Processor.useOneThreadPerProduct()
    main(nil)
  }

  func run() throws {
    do {
      let assembly = Wiring(file: common.config, overrides: overrides).assembly
      if check {
        let report = try CheckReport(assembly)
        // Said where it cannot be written: a full disk must not look like a sound configuration.
        var output = OutputWriter(descriptor: STDOUT_FILENO)
        try output.write(report.text)
        try output.flush()
        return
      }
      // A log that nobody reads any more is no reason to end.
      signal(SIGPIPE, SIG_IGN)
      let signals = try SignalPipe()
      try signals.catchSignals()
      var surroundings = DaemonSurroundings()
      surroundings.notesCrashes = true
      let daemon = try SpoolDaemon(assembly, signals: signals, surroundings: surroundings)
      signals.onLateStop(after: 0.8) { [lastWords = daemon.lastWords] in
        lastWords.speak()
        // Not exit(3): whatever keeps the main thread busy must not meet destructors.
        _exit(0)
      }
      let code = try daemon.run(once: once || rebuildIndex, rebuildsIndex: rebuildIndex)
      if code != 0 { throw ExitCode(code) }
    } catch let error as any ExplainedError {
      LineLogHandler.standardError("ambd: \(error.explanation.message)\n")
      throw ExitCode(error.explanation.kind.exitCode)
    }
  }

  /// What the command line says of the configuration.
  var overrides: [String: String] {
    common.overrides.merging(spool.map { ["spool": $0] } ?? [:]) { $1 }
  }
}
