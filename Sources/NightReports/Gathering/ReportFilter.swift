import ResultIndex

/// Which utterances a report is of, where it is not of all.
///
/// Some figures are kept for whole bundles alone; a filter tells which of them a report over its utterances has to leave out.
public struct ReportFilter: Sendable {
  /// Finds the utterances; its period and whether superseded scorings count are the report's own.
  public let query: UtteranceQuery
  /// The filter as it is typed: `--emotion anger --speaker Ben`.
  public let options: String

  /// Nil where every utterance passes.
  public init?(_ query: UtteranceQuery, options: String) {
    guard !query.isOfWholeBundles || !query.bundles.isEmpty || !query.models.isEmpty else { return nil }
    self.query = query
    self.options = options
  }

  /// The utterances of a period that pass.
  func query(within period: UtteranceQuery) -> UtteranceQuery {
    var found = query
    (found.since, found.until, found.allModels) = (period.since, period.until, period.allModels)
    (found.order, found.limit, found.offset) = ([], nil, 0)
    return found
  }

  /// Whether it chooses whole dialogues, so that what probes found of a bundle holds where all of its dialogues pass.
  var isOfWholeDialogues: Bool {
    var rest = query
    rest.dialogues = []
    return rest.isOfWholeBundles
  }

  /// Whether it chooses utterances by what the model said of them: limits and drift then mean nothing.
  public var isByLabel: Bool {
    var rest = query
    (rest.dialogues, rest.speakers, rest.words) = ([], [], nil)
    return !rest.isOfWholeBundles
  }

  /// Whether what failed can be told: a failure has a name, but neither model nor utterances.
  var tellsFailures: Bool { query.isOfWholeBundles && query.models.isEmpty }

  /// What a report over its utterances leaves out, and why.
  var apart: [String] {
    var apart: [String] = []
    if !isOfWholeDialogues {
      apart.append("what noise and missing modalities do to labels, since probes are kept for whole bundles")
    } else if !query.dialogues.isEmpty {
      apart.append("the probes of bundles that hold other dialogues as well, since they are kept for whole bundles")
    }
    if !tellsFailures { apart.append("files that failed, since they have no utterances") }
    if isByLabel {
      apart.append("limits and the training data's mix of emotions, since the filter itself decides what is felt here")
    }
    return apart + ["what people corrected in the period, since that may be of any utterance"]
  }

  /// The same in a sentence or two.
  var inWords: String {
    "This report is of the utterances that pass \(options) alone; conversations to open are shown whole. Left out: "
      + apart.joined(separator: "; ") + "."
  }
}

/// What a report says of the filter that it was made with.
public struct FilterFigures: Codable, Sendable, Equatable {
  /// As it is typed.
  public var options: String
  /// What is left out, and why.
  public var apart: [String]
  /// The same in words.
  public var line: String
  /// Whether no limit was asked.
  public var isUnjudged: Bool
  /// Whether no probe counts.
  public var lacksProbes: Bool
  /// Whether failures are left out.
  public var lacksFailures: Bool

  init(_ filter: ReportFilter) {
    (options, apart, line) = (filter.options, filter.apart, filter.inWords)
    (isUnjudged, lacksProbes, lacksFailures) = (filter.isByLabel, !filter.isOfWholeDialogues, !filter.tellsFailures)
  }
}
