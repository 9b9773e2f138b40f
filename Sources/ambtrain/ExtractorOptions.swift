import ArgumentParser
import DialogueDomain

/// What made each modality's features.
struct ExtractorOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("extractor-text")],
    help: ArgumentHelp("The program that made the text features, as all-MiniLM-L6-v2/384.", valueName: "name"))
  var textExtractor: String?

  @Option(
    name: [.long, .customLong("extractor-visual")],
    help: ArgumentHelp("The program that made the visual features.", valueName: "name"))
  var visualExtractor: String?

  @Option(
    name: [.long, .customLong("extractor-audio")],
    help: ArgumentHelp("The program that made the audio features.", valueName: "name"))
  var audioExtractor: String?

  /// Those that were given.
  var names: [Modality: String] {
    let given: [(Modality, String?)] = [(.text, textExtractor), (.visual, visualExtractor), (.audio, audioExtractor)]
    return Dictionary(uniqueKeysWithValues: given.compactMap { modality, name in name.map { (modality, $0) } })
  }
}
