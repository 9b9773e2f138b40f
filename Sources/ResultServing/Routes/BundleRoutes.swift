import AmbqConfiguration
import Foundation
import NightReports
import ResultIndex
import ResultQueries

/// `bundles`, `errors`, `status` and `report`: what came, and what became of it.
enum BundleRoutes {
  static let all = [
    ServedRoute("/api/bundles", "bundles with their state", answer: bundles),
    ServedRoute("/api/errors", "why bundles failed, and how to mend that", answer: errors),
    ServedRoute("/api/status", "the daemon, the queue and the index", answer: status),
    ServedRoute("/api/report", "a night's figures; date=DAY, or since= and until=", answer: report),
  ]

  private static func bundles(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    var bundles = BundleListing()
    (bundles.bundles, bundles.models, bundles.allModels) = (filters.bundles, filters.models, filters.allModels)
    bundles.states = parameters.all("state")
    bundles.sort = try parameters.one("sort") ?? bundles.sort
    bundles.limit = try parameters.count("limit", most: ListingParameters.mostRows) ?? ListingParameters.mostRows
    let listing = try ListingParameters(&parameters)
    try parameters.check()
    if listing.fields.asksForHelp { return try listing.answer(BundleListing.listFields) }
    let reader = try context.reader()
    let query = try filters.query(reader)
    if !query.isOfWholeBundles { bundles.utterances = query }
    return try listing.answer { _ = try bundles.write(filters.period(), reader, on: $0) }
  }

  private static func errors(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    var failures = FailureListing()
    failures.bundles = parameters.all("bundle")
    let (since, until) = (try parameters.one("since"), try parameters.one("until"))
    failures.includesResolved = try parameters.flag("all")
    failures.limit = try parameters.count("limit", most: ListingParameters.mostRows) ?? ListingParameters.mostRows
    let listing = try ListingParameters(&parameters)
    try parameters.check()
    if listing.fields.asksForHelp { return try listing.answer(FailureListing.listFields) }
    let period = try QueryPeriod(since: since, until: until)
    let reader = try context.reader()
    return try listing.answer { _ = try failures.write(period, reader, at: context.location, on: $0) }
  }

  private static func status(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let listing = try ListingParameters(&parameters, hasFields: false)
    try parameters.check()
    let status = try SystemStatus(context.location)
    return try listing.answer { try StatusPrinter(status, $0).print() }
  }

  /// Columns of a report in text.
  private static let columns = 100

  private static func report(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let request = ReportRequest(
      date: try parameters.one("date"), since: try parameters.one("since"), until: try parameters.one("until"))
    let truth = parameters.all("map")
    let format = try parameters.choice("format", of: ReportFormat.allCases) ?? .json
    try parameters.check()
    if request.date != nil && (request.since != nil || request.until != nil) {
      throw Refusal(.badRequest, "date names a night, since and until another period: give one or the other")
    }
    let settings = context.location.settings
    let gathering = NightGathering(try context.reader(matching: truth), settings, .local)
    let bytes = try format.bytes(request.report(gathering, settings), width: columns)
    let type: ContentType =
      switch format {
      case .json: .json
      case .html: .html
      case .md: .markdown
      case .text: .text
      }
    return ServedAnswer(type: type, .bytes(Array(bytes)))
  }
}
