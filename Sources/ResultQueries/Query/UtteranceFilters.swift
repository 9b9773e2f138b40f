import ResultIndex

/// The filters that `ambq list` and `ambq stats` have in common, as typed.
public struct UtteranceFilters: Sendable {
  public var emotions: [String] = []
  public var excludedEmotions: [String] = []
  public var speakers: [String] = []
  public var dialogues: [String] = []
  public var bundles: [String] = []
  public var models: [String] = []
  public var minimumConfidence: Double?
  public var maximumConfidence: Double?
  /// Only labels that less than half of the noisy runs keep.
  public var isUnstable = false
  public var maximumStability: Double?
  /// With scorings that another model's scoring of the same bytes has superseded.
  public var allModels = false

  public init() {}

  /// Labels that fewer noisy runs than this share keep are called unstable.
  public static let unstableBelow = 0.5

  /// The query of these filters.
  ///
  /// - Parameters:
  ///   - period: when the bundles were scored.
  ///   - known: the emotions that the index's models tell apart.
  ///   - sort: the sorting criteria as typed, the most significant first.
  /// - Throws: `QueryError` for values that cannot be, such as an emotion that no model knows.
  public func query(_ period: QueryPeriod, known: [String], sort: [String] = []) throws -> UtteranceQuery {
    var query = UtteranceQuery()
    let names = EmotionNames(known)
    query.emotions = try NameList.split(emotions).map(names.resolve)
    query.excludedEmotions = try NameList.split(excludedEmotions).map(names.resolve)
    query.speakers = NameList.split(speakers)
    query.dialogues = NameList.split(dialogues)
    query.bundles = NameList.split(bundles)
    query.models = NameList.split(models)
    (query.since, query.until) = (period.since, period.until)
    query.minimumConfidence = try Self.share(minimumConfidence, "--min-confidence")
    query.maximumConfidence = try Self.share(maximumConfidence, "--max-confidence")
    if let least = query.minimumConfidence, let most = query.maximumConfidence, least > most {
      throw QueryError(
        usage: "no confidence lies between the two given", found: "--min-confidence \(least) --max-confidence \(most)")
    }
    if isUnstable { query.stabilityBelow = Self.unstableBelow }
    query.maximumStability = try Self.share(maximumStability, "--max-stability")
    query.allModels = allModels
    query.order = try NameList.split(sort).map { text in
      let term = try SortTerm<UtteranceOrder.Field>(text)
      return UtteranceOrder(term.field, descending: term.descending)
    }
    return query
  }

  private static func share(_ value: Double?, _ option: String) throws -> Double? {
    guard let value, !(0...1).contains(value) else { return value }
    throw QueryError(usage: "\(option) is not a share", found: "\(value)", expected: "0 to 1")
  }
}
