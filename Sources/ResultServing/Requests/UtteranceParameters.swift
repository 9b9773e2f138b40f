import AmbqConfiguration
import ResultIndex
import ResultQueries

/// The filters of `ambq list` as parameters: an option's name without its dashes.
struct UtteranceParameters {
  private var typed = UtteranceQuery()
  private let words: String?
  private let since: String?
  private let until: String?
  private let sort: [String]

  /// - Parameter sorts: whether the order is a parameter, which may be repeated.
  init(_ parameters: inout QueryParameters, sorts: Bool = false) throws {
    typed.emotions = parameters.all("emotion")
    typed.excludedEmotions = parameters.all("not-emotion")
    typed.speakers = parameters.all("speaker")
    typed.dialogues = parameters.all("dialogue")
    words = try parameters.one("text")
    typed.bundles = parameters.all("bundle")
    (since, until) = (try parameters.one("since"), try parameters.one("until"))
    typed.minimumConfidence = try parameters.share("min-confidence")
    typed.maximumConfidence = try parameters.share("max-confidence")
    typed.stabilityBelow = try parameters.flag("unstable") ? UtteranceQuery.unstableBelow : nil
    typed.maximumStability = try parameters.share("max-stability")
    let (isCertain, isUncertain) = (try parameters.flag("certain"), try parameters.flag("uncertain"))
    if isCertain && isUncertain { throw Refusal(.badRequest, "certain and uncertain leave nothing: take one of them") }
    typed.isUncertain = isCertain ? false : isUncertain ? true : nil
    typed.setEmotions = parameters.all("in-set")
    typed.models = parameters.all("model")
    typed.allModels = try parameters.flag("all-models")
    sort = sorts ? parameters.all("sort") : []
  }

  var bundles: [String] { typed.bundles }
  var dialogues: [String] { typed.dialogues }
  var models: [String] { typed.models }
  var allModels: Bool { typed.allModels }
  /// Whether a first moment is named.
  var hasPeriod: Bool { since != nil }

  func period() throws -> QueryPeriod { try QueryPeriod(since: since, until: until) }

  /// The query that is meant.
  ///
  /// - Throws: `QueryError`, `IndexError`.
  func query(_ reader: IndexReader) throws -> UtteranceQuery {
    try typed.resolved(period(), words: words, known: reader.emotions(), sort: sort)
  }
}
