import ResultIndex
import ResultQueries

/// `dialogues`, `speakers`, `emotions`, `models`, `count` and `stats`.
enum GroupRoutes {
  static let all =
    UtteranceGrouping.allCases.filter { $0 != .day }.map { grouping in
      ServedRoute("/api/\(grouping.rawValue)s", "\(grouping.rawValue)s with what their utterances come to") {
        try list(grouping, &$0, $1)
      }
    } + [
      ServedRoute(
        "/api/count", "how many utterances there are; by=emotion, speaker, dialogue, model or day", answer: count),
      ServedRoute("/api/stats", "counts per emotion, speaker and bundle", answer: statistics),
    ]

  private static func list(
    _ grouping: UtteranceGrouping, _ parameters: inout QueryParameters, _ context: ServedContext
  ) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    var groups = GroupListing(grouping)
    groups.sort = try parameters.one("sort")
    groups.limit = try parameters.count("limit", most: ListingParameters.mostRows) ?? ListingParameters.mostRows
    let listing = try ListingParameters(&parameters)
    try parameters.check()
    if listing.fields.asksForHelp { return try listing.answer(groups.listFields) }
    let reader = try context.reader()
    let query = try filters.query(reader)
    return try listing.answer { _ = try groups.write(query, reader, on: $0) }
  }

  private static func count(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    let by = try parameters.choice("by", of: UtteranceGrouping.allCases)
    let limit = try parameters.count("limit", most: ListingParameters.mostRows)
    let listing = try ListingParameters(&parameters)
    try parameters.check()
    if by == nil && (limit != nil || !listing.fields.isUsual) {
      throw Refusal(.badRequest, "fields and limit need by: a count is one number")
    }
    if listing.fields.asksForHelp, let by {
      return try listing.answer(GroupListing(by, onlyCounts: true).listFields)
    }
    let reader = try context.reader()
    let query = try filters.query(reader)
    return try listing.answer { console in
      guard let by else { return _ = try UtteranceOutput(reader, query, console).writeCount() }
      var groups = GroupListing(by, onlyCounts: true)
      groups.limit = limit ?? ListingParameters.mostRows
      _ = try groups.write(query, reader, on: console)
    }
  }

  private static func statistics(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    let truth = parameters.all("map")
    let listing = try ListingParameters(&parameters, hasFields: false)
    try parameters.check()
    let reader = try context.reader(matching: truth)
    let statistics = try Statistics(reader, filters.query(reader))
    return try listing.answer { try StatisticsPrinter(statistics, $0).print(top: 0) }
  }
}
