import ArgumentParser
import Foundation
import Presentation
import ResultIndex
import ResultQueries

extension OutputStyle: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public static var allValueStrings: [String] { valueNames }
  public static var defaultCompletionKind: CompletionKind { .list(valueNames) }
}
extension ReportFormat: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

/// Where to look: a spool, an index, or the configuration that names them.
struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The spool whose index to ask (or $AMBQ_SPOOL).", valueName: "dir"), completion: .directory)
  var spool: String?

  @Option(help: ArgumentHelp("The index to ask (or $AMBQ_INDEX).", valueName: "file"), completion: .file())
  var index: String?

  @Option(help: ArgumentHelp("The configuration that names spool and index.", valueName: "file"), completion: .file())
  var config: String?

  func location() throws -> ResultLocation {
    try ResultLocation(
      spool: spool, index: index, configurationFile: config, environment: ProcessInfo.processInfo.environment)
  }
}

/// Other names of true emotions.
struct TruthOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A true emotion's other name: happy=joy counts \"happy\" as joy; besides labels.aliases of the configuration.",
      valueName: "name=class"))
  var map: [String] = []

  /// The index of a source, read with these names.
  func reader(of source: SourceOptions) throws -> IndexReader {
    let location = try source.location()
    return try IndexReader(location.index, matching: location.settings.labels.matching.adding(aliases: map))
  }
}

/// `--no-pager`.
struct PagerOptions: ParsableArguments {
  @Flag(help: "Leave out the pager that shows output on a terminal ($AMBQ_PAGER, $PAGER or less).")
  var noPager = false

  /// What pages; nil where nothing does.
  var paging: ResultConsole.Paging? {
    ResultConsole.Paging(isWanted: !noPager, environment: ProcessInfo.processInfo.environment)
  }
}

/// What every command takes that lists something.
struct CommonOptions: ParsableArguments {
  @OptionGroup var source: SourceOptions

  @Option(
    help: ArgumentHelp(
      "table, json, jsonl, csv, tsv, or a template: '{dialogue}:{utterance} {emotion:10} {confidence:.2}'."
        + " Lists default to table on a terminal and to tsv elsewhere.", valueName: "format"))
  var format: OutputStyle?

  @Option(name: [.long, .customLong("color")], help: "When to colour.")
  var colour: ColourChoice = .auto

  @Flag(name: [.short, .long], help: "Print nothing: the exit code says whether anything was found.")
  var quiet = false

  @OptionGroup var pager: PagerOptions

  /// The console to print on, in the format asked for.
  ///
  /// - Parameters:
  ///   - elsewhere: the format where standard output is not a terminal and none is asked for.
  ///   - fields: which fields are asked for; nil for a command that draws a picture, which no template can.
  ///   - printsNames: whether to print names only, each ended by a zero byte.
  ///   - stream: whether it has no end: JSON is an object a line, and no pager waits for it.
  func console(
    elsewhere: OutputFormat, fields: FieldWish?, printsNames: Bool = false, stream: Bool = false
  ) throws -> ResultConsole {
    if printsNames && format != nil { throw ValidationError("--print0 has no format: leave --format away.") }
    var style = format
    if case .template = format, fields == nil { throw ValidationError("Only lists can be written by a template.") }
    if let fields, fields.isJSON {
      if printsNames { throw ValidationError("--print0 prints names, --json objects: take one of them.") }
      guard [nil, .format(.json), .format(.jsonl)].contains(format) else {
        throw ValidationError("--json is a format of its own: leave --format away.")
      }
      style = style ?? .format(stream ? .jsonl : .json)
    }
    if case .template = format, fields?.selection.isUsual == false {
      throw ValidationError("A template names its fields itself: leave --fields away.")
    }
    let selection = fields?.selection ?? FieldSelection()
    // Which fields there are is for people, unless a format is asked for.
    if selection.asksForHelp && format == nil { style = nil }
    return ResultConsole(
      style, elsewhere: elsewhere, fields: selection.asksForHelp ? FieldSelection() : selection, colour: colour,
      environment: ProcessInfo.processInfo.environment, printsNames: printsNames, isSilent: quiet,
      paging: stream ? nil : pager.paging)
  }

  /// What to end with where nothing was found: the exit code and, but for `--quiet`, the reason.
  func nothing(_ explanation: @autoclosure () throws -> String) rethrows -> any Error {
    quiet ? ExitCode(1) : NothingFound(try explanation())
  }
}

/// Which fields are asked for, and whether as JSON.
struct FieldWish {
  var selection = FieldSelection()
  var isJSON = false
}

/// `--fields` and `--json`.
struct FieldOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Tell these fields, in this order; 'all' for all; no value or 'help' lists them.", valueName: "field"),
    completion: .fields)
  var fields: [String] = []

  @Option(
    help: ArgumentHelp("Tell these fields as JSON; no value lists them.", valueName: "field"), completion: .fields)
  var json: [String] = []

  func validate() throws {
    if !fields.isEmpty && !json.isEmpty {
      throw ValidationError("--fields and --json both name fields: take one of them.")
    }
  }

  /// Checks a wish for names only beside them: a list's names are one field of its own.
  func check(print0: Bool) throws {
    if print0 && !selection.isUsual && !selection.asksForHelp {
      throw ValidationError("--print0 prints names: leave --fields away, or end a template with \\0.")
    }
  }

  /// The fields asked for.
  var selection: FieldSelection { FieldSelection(fields + json) }

  var wish: FieldWish { FieldWish(selection: selection, isJSON: !json.isEmpty) }

  /// The arguments with 'help' where `--fields` or `--json` stands without a value, and with none where `--html` does.
  static func completed(_ arguments: [String]) -> [String] {
    // A shell that asks what to offer hands over a line that is being typed.
    if arguments.first?.hasPrefix("---") == true { return arguments }
    // One object, whose members are not chosen.
    if arguments.first == "why" { return arguments }
    return arguments.enumerated().flatMap { place, argument in
      let next = place + 1 < arguments.count ? arguments[place + 1] : "-"
      if argument == "--html", next != "-" || place + 1 == arguments.count, !isPage(next) {
        return [argument, DialoguePageOutput.workingFolder]
      }
      let lacksValue = ["--fields", "--json"].contains(argument) && next.hasPrefix("-")
      return lacksValue ? [argument, FieldSelection.help] : [argument]
    }
  }

  /// Whether a word names a page rather than a dialogue.
  private static func isPage(_ word: String) -> Bool {
    [".html", ".htm", ".xhtml"].contains { word.lowercased().hasSuffix($0) }
  }
}

/// `--since` and `--until`.
struct PeriodOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scored at this time or later: yesterday, monday, -2h, 2026-11-22, …", valueName: "time"),
    completion: .times)
  var since: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scored before the end of this time; 'yesterday' includes that day.", valueName: "time"),
    completion: .times)
  var until: String?

  func period() throws -> QueryPeriod { try QueryPeriod(since: since, until: until) }
}

/// Which utterances: the filters that `list` and `stats` have in common.
struct FilterOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Utterances of this emotion.", valueName: "emotion"), completion: .emotions)
  var emotion: [String] = []

  @Option(
    parsing: .unconditionalSingleValue, help: ArgumentHelp("Not of this emotion.", valueName: "emotion"),
    completion: .emotions)
  var notEmotion: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Of this speaker; * and ? stand for any characters and for one.", valueName: "name"),
    completion: .speakers)
  var speaker: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Of this dialogue; * and ? as above.", valueName: "name"), completion: .dialogues)
  var dialogue: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "In which these words are said: 'refund* \"my money\"'; * ends a beginning, quotes hold words together.",
      valueName: "words"))
  var text: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Of this bundle: its file name (* and ? as above) or the beginning of its digest.", valueName: "name"),
    completion: .bundles)
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

  @Flag(help: "Only labels that their model calls certain.")
  var certain = false

  @Flag(help: "Only labels that their model calls uncertain.")
  var uncertain = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Whose set of labels holds this emotion: what may be it.", valueName: "emotion"),
    completion: .emotions)
  var inSet: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Labelled by this model: its name or the beginning of its digest.", valueName: "name"),
    completion: .models)
  var model: [String] = []

  @Flag(help: "Also labels that another model's scoring of the same bundle has superseded.")
  var allModels = false

  func validate() throws {
    if certain && uncertain { throw ValidationError("--certain and --uncertain leave nothing: take one of them.") }
  }

  func query(_ reader: IndexReader, sort: [String] = []) throws -> UtteranceQuery {
    var typed = UtteranceQuery()
    (typed.emotions, typed.excludedEmotions) = (emotion, notEmotion)
    (typed.speakers, typed.dialogues, typed.bundles, typed.models) = (speaker, dialogue, bundle, model)
    (typed.minimumConfidence, typed.maximumConfidence) = (minConfidence, maxConfidence)
    (typed.stabilityBelow, typed.maximumStability) = (unstable ? UtteranceQuery.unstableBelow : nil, maxStability)
    typed.isUncertain = certain ? false : uncertain ? true : nil
    typed.setEmotions = inSet
    typed.allModels = allModels
    return try typed.resolved(period.period(), words: text, known: reader.emotions(), sort: sort)
  }
}
