import ArgumentParser
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import ResultQueries

/// `ambq`: asks the index that `ambd` writes.
@main
struct AmbqCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ambq",
    abstract: "Find out who felt what in the conversations that ambd has scored.",
    discussion: """
      EXAMPLES:
        ambq list --emotion anger --since yesterday
        ambq list --speaker Rachel --min-confidence 0.8 --sort -confidence --limit 10
        ambq show dev-12
        ambq why dev-12:7
        ambq follow --emotion anger
        ambq count --emotion anger --by speaker
        ambq stats --since monday
        ambq dialogues --emotion anger --sort -utterances
        ambq bundles --format json
        ambq export --to textgrid --dialogue dev-12 --out praat/
        ambq status
        ambq errors
        ambq correct dev-12:3 --emotion joy --by Anna
        ambq retry 'week-*.h5'
        ambq report --open
        ambq serve --open
        ambq verify
        ambq sql 'SELECT speaker, count(*) FROM utterances GROUP BY speaker'
        ambq merge out --into index.sqlite

      ambq reads the index; correct puts a file into the spool; retry, hold, release and drop move bundles; merge makes an \
      index of a cluster's results. It works with and without a running daemon.
      'ambq help exit-codes', 'fields', 'time' and 'environment' tell of those; the manual page ambq(1) tells the rest.
      """,
    version: Version.line(of: "ambq"),
    subcommands: [
      ListCommand.self, ShowCommand.self, WhyCommand.self, FollowCommand.self, CountCommand.self, StatsCommand.self,
      DialoguesCommand.self,
      SpeakersCommand.self, EmotionsCommand.self, ModelsCommand.self, BundlesCommand.self, ErrorsCommand.self,
      ExportCommand.self, StatusCommand.self, ReportCommand.self, VerifyCommand.self, SQLCommand.self,
      ServeCommand.self, CorrectCommand.self, MergeCommand.self, RetryCommand.self,
      HoldCommand.self, ReleaseCommand.self, DropCommand.self,
    ])

  static func main() {
    do {
      try ProcessSurroundings.prepare()
      let arguments = Array(CommandLine.arguments.dropFirst())
      let names = configuration.subcommands.compactMap { $0.configuration.commandName }
      if let topic = arguments.dropFirst().first.flatMap(HelpTopic.init), arguments.first == "help" {
        return try tell(topic)
      }
      if arguments.first == "--generate-completion-script", arguments.count == 2,
        let shell = CompletionShell(rawValue: arguments[1])
      {
        return try tellCompletions(shell, words: names + HelpTopic.allCases.map(\.rawValue))
      }
      try CommandNames(of: "ambq", names, topics: HelpTopic.allCases.map(\.rawValue)).check(arguments)
      var command = try parseAsRoot(FieldOptions.completed(arguments))
      try command.run()
    } catch is PagerClosed {
      return
    } catch let error as OutputError where error.isClosedPipe {
      // What a shell reports of a program ended by SIGPIPE.
      exit(withError: ExitCode(128 + 13))
    } catch let nothing as NothingFound {
      complain(nothing.explanation)
      exit(withError: ExitCode(1))
    } catch let error as any ExplainedError {
      complain(error.explanation.message)
      exit(withError: ExitCode(error.explanation.kind.exitCode))
    } catch {
      exit(withError: error)
    }
  }

  /// Writes what 'ambq help' tells beside the help of commands.
  private static func tell(_ topic: HelpTopic) throws {
    let environment = ProcessInfo.processInfo.environment
    var writer = OutputWriter(descriptor: 1, isASCII: wantsASCII)
    try writer.write(topic.text(width: min(100, TerminalSize.columns(of: 1, environment: environment))))
    try writer.flush()
  }

  /// Writes what makes a shell complete.
  private static func tellCompletions(_ shell: CompletionShell, words: [String]) throws {
    var writer = OutputWriter(descriptor: 1)
    try writer.write(
      HelpCompletion.completed(completionScript(for: shell), for: NameCompletion.Shell(shell), words: words))
    try writer.flush()
  }

  /// Whether what is for people is in ASCII.
  static var wantsASCII: Bool { PlainCharacters.areWanted(ProcessInfo.processInfo.environment) }

  /// Writes a message for people to standard error, after the program's name.
  static func complain(_ message: String) {
    var writer = OutputWriter(descriptor: 2, isASCII: wantsASCII)
    // Where standard error is closed, there is nobody left to tell.
    try? writer.line("ambq: \(message)")
    try? writer.flush()
  }
}

/// Nothing was found, and why: no error, but an exit code of its own.
struct NothingFound: Error {
  let explanation: String

  init(_ explanation: String) {
    self.explanation = explanation
  }
}
