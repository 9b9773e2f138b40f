import ArgumentParser
import DialogueDomain
import Foundation
import ResultIndex

/// Which utterances: the filters that `list` and `stats` have in common.
struct FilterOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Utterances of this emotion.", valueName: "emotion"))
  var emotion: [String] = []

  @Option(
    parsing: .unconditionalSingleValue, help: ArgumentHelp("Not of this emotion.", valueName: "emotion"))
  var notEmotion: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Of this speaker; * and ? stand for any characters and for one.", valueName: "name"))
  var speaker: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Of this dialogue; * and ? as above.", valueName: "name"))
  var dialogue: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Of this bundle: its file name (* and ? as above) or the beginning of its digest.", valueName: "name"))
  var bundle: [String] = []

  @OptionGroup var period: PeriodOptions

  @Option(help: ArgumentHelp("With at least this confidence, 0 to 1.", valueName: "p"))
  var minConfidence: Double?

  @Option(help: ArgumentHelp("With at most this confidence, 0 to 1.", valueName: "p"))
  var maxConfidence: Double?

  @Flag(help: "Only labels that less than half of the noisy runs keep.")
  var unstable = false

  @Option(help: ArgumentHelp("With at most this stability, 0 to 1.", valueName: "share"))
  var maxStability: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Labelled by this model: its name or the beginning of its digest.", valueName: "name"))
  var model: [String] = []

  @Flag(help: "Also labels that another model's scoring of the same bundle has superseded.")
  var allModels = false

  /// The query of these filters.
  ///
  /// - Throws: `CommandError` for values that cannot be, such as an emotion that no model knows.
  func query(_ reader: IndexReader) throws -> UtteranceQuery {
    var query = UtteranceQuery()
    let names = EmotionNames(try reader.emotions())
    query.emotions = try NameList.split(emotion).map(names.resolve)
    query.excludedEmotions = try NameList.split(notEmotion).map(names.resolve)
    query.speakers = NameList.split(speaker)
    query.dialogues = NameList.split(dialogue)
    query.bundles = NameList.split(bundle)
    query.models = NameList.split(model)
    (query.since, query.until) = try period.period()
    query.minimumConfidence = try Self.probability(minConfidence, "--min-confidence")
    query.maximumConfidence = try Self.probability(maxConfidence, "--max-confidence")
    if let least = query.minimumConfidence, let most = query.maximumConfidence, least > most {
      throw CommandError(
        usage: "no confidence lies between the two given", found: "--min-confidence \(least) --max-confidence \(most)")
    }
    if unstable { query.stabilityBelow = 0.5 }
    query.maximumStability = try Self.probability(maxStability, "--max-stability")
    query.allModels = allModels
    return query
  }

  private static func probability(_ value: Double?, _ option: String) throws -> Double? {
    guard let value, !(0...1).contains(value) else { return value }
    throw CommandError(usage: "\(option) is not a share", found: "\(value)", expected: "0 to 1")
  }
}
