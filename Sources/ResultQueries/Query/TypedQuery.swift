import ResultIndex

extension UtteranceQuery {
  /// Labels that fewer noisy runs than this share keep are called unstable.
  public static let unstableBelow = 0.5

  /// The query that finds at most one utterance where this one finds any: all that it takes to know whether there are some.
  public var forOne: UtteranceQuery {
    var query = self
    (query.order, query.limit) = ([], Swift.min(limit ?? 1, 1))
    return query
  }

  /// The query that was meant by one whose names and numbers are as typed: lists with commas are split, emotions are those
  /// of the index, and every share is one.
  ///
  /// - Parameters:
  ///   - period: when the bundles were scored.
  ///   - words: words to search for as typed.
  ///   - known: the emotions that the index's models tell apart.
  ///   - sort: the sorting criteria as typed, the most significant first.
  /// - Throws: `QueryError` for values that cannot be, such as an emotion that no model knows.
  public func resolved(
    _ period: QueryPeriod, words: String? = nil, known: [String], sort: [String] = []
  ) throws -> UtteranceQuery {
    var query = self
    query.words = try words.map { typed in
      guard let pattern = WordPattern(typed) else {
        throw QueryError(usage: "--text holds no word", found: "'\(typed)'", expected: "words, as in 'refund* money'")
      }
      return pattern
    }
    let names = EmotionNames(known)
    query.emotions = try NameList.split(emotions).map(names.resolve)
    query.excludedEmotions = try NameList.split(excludedEmotions).map(names.resolve)
    query.setEmotions = try NameList.split(setEmotions).map(names.resolve)
    query.speakers = NameList.split(speakers)
    query.dialogues = NameList.split(dialogues)
    query.bundles = NameList.split(bundles)
    query.models = NameList.split(models)
    (query.since, query.until) = (period.since, period.until)
    try Self.check(minimumConfidence, "--min-confidence")
    try Self.check(maximumConfidence, "--max-confidence")
    try Self.check(maximumStability, "--max-stability")
    if let least = minimumConfidence, let most = maximumConfidence, least > most {
      throw QueryError(
        usage: "no confidence lies between the two given", found: "--min-confidence \(least) --max-confidence \(most)")
    }
    query.order = try NameList.split(sort).map { text in
      let term = try SortTerm<UtteranceOrder.Field>(text)
      return UtteranceOrder(term.field, descending: term.descending)
    }
    return query
  }

  private static func check(_ share: Double?, _ option: String) throws {
    guard let share, !(0...1).contains(share) else { return }
    throw QueryError(usage: "\(option) is not a share", found: "\(share)", expected: "0 to 1")
  }
}
