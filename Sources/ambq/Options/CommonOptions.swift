import ArgumentParser
import Index
import Terminal

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The spool whose index to ask (or $AMBQ_SPOOL).", valueName: "dir"))
  var spool: String?

  @Option(help: ArgumentHelp("The index to ask (or $AMBQ_INDEX).", valueName: "file"))
  var index: String?

  @Option(help: ArgumentHelp("The configuration that names the spool.", valueName: "file"))
  var config: String?

  @Option(help: "How to write the result. Lists default to table on a terminal and to tsv elsewhere.")
  var format: OutputFormat?

  @Option(name: [.long, .customLong("color")], help: "When to colour.")
  var colour: ColourChoice = .auto

  /// The console to print on, in the format asked for.
  ///
  /// - Parameter elsewhere: the format where standard output is not a terminal and none is asked for.
  func console(elsewhere: OutputFormat) -> Console {
    Console(format: format, elsewhere: elsewhere, colour: colour)
  }
}
