import ArgumentParser
import Presentation
import ResultIndex

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @OptionGroup var source: SourceOptions

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
