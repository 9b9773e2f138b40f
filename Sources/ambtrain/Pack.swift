import ArgumentParser
import DialogueBundles
import DialogueDomain
import FeatureImport
import Foundation
import OperatingSystem
import Presentation

/// `ambtrain pack`: a user's own features made into a bundle.
struct Pack: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a bundle of a transcript, or of a table of utterances and a NumPy array per modality.",
    discussion: """
      A transcript alone gets the features of its words and times: all-MiniLM-L6-v2/384 and turn-timing/8.

      The table has columns dialogue and speaker, and optionally utterance, start, end, and emotion or label. Row i of \
      every array belongs to row i of the table; a row of NaN says that the utterance lacks that modality.

      EXAMPLES
        ambtrain pack talk.vtt --out talk.h5
        ambtrain pack talk.csv --text talk.npy --text-extractor all-MiniLM-L6-v2/384 --out talk.h5
      """)

  @Argument(help: ArgumentHelp("A transcript; or, with arrays, a .csv or .tsv file.", valueName: "file"))
  var table: String

  @OptionGroup
  var words: EncoderOptions

  @Option(help: ArgumentHelp("Text features, a .npy file.", valueName: "file"))
  var text: String?

  @Option(help: ArgumentHelp("Visual features, a .npy file.", valueName: "file"))
  var visual: String?

  @Option(help: ArgumentHelp("Audio features, a .npy file.", valueName: "file"))
  var audio: String?

  @OptionGroup(title: "Extractors")
  var extractors: ExtractorOptions

  @Option(help: ArgumentHelp("Class names in class order; the table's own, sorted, by default.", valueName: "a,b,c"))
  var emotions: ClassNames?

  @Option(help: "The data set's name.")
  var dataset: String?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Columns of the table to leave out.", valueName: "column"))
  var ignore: [String] = []

  @Option(help: ArgumentHelp("The bundle to write; one that lies there is kept.", valueName: "file"))
  var out: String

  @Flag(help: "Replace the bundle that lies there.")
  var force = false

  private func bundle() throws -> FeatureBundle {
    let files: [(Modality, String?)] = [(.text, text), (.visual, visual), (.audio, audio)]
    let features = files.compactMap { modality, file in file.map { (modality, URL(fileURLWithPath: $0)) } }
    guard features.isEmpty else {
      let packed = try PackImport(
        table: URL(fileURLWithPath: table), features: Dictionary(uniqueKeysWithValues: features),
        emotions: emotions?.set, dataset: dataset, extractors: extractors.names,
        ignoredColumns: Set(ignore)
      ).read()
      Failures.note(packed.notes, of: table)
      return packed.bundle
    }
    let reading = try words.source().read(URL(fileURLWithPath: table))
    Failures.note(reading.notes, of: table)
    var bundle = reading.bundle
    bundle.dataset = dataset
    return bundle
  }

  func run() throws {
    try Failures.reporting {
      let url = URL(fileURLWithPath: out)
      if !force, FileManager.default.fileExists(atPath: url.path) { throw StorageError("writing", url, code: EEXIST) }
      let bundle = try bundle()
      try BundleWriter().write(bundle, to: url)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line("wrote \(url.path): \(bundle.dialogues.count) dialogues, \(bundle.utterances.count) utterances")
      try output.flush()
    }
  }
}
