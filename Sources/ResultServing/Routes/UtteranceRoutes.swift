import ResultIndex
import ResultQueries

/// `list`, `show` and `follow`: the objects that the commands of these names write.
enum UtteranceRoutes {
  static let all = [
    ServedRoute("/api/list", "utterances, filtered") { try list(&$0, $1, needsDialogue: false) },
    ServedRoute("/api/show", "one dialogue, turn by turn: dialogue=NAME") { try list(&$0, $1, needsDialogue: true) },
    ServedRoute("/api/follow", "utterances behind a cursor, in the order of recording", answer: follow),
  ]

  private static func list(
    _ parameters: inout QueryParameters, _ context: ServedContext, needsDialogue: Bool
  ) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters, sorts: !needsDialogue)
    let limit = try parameters.count("limit", most: ListingParameters.mostRows) ?? ListingParameters.mostRows
    let offset = try parameters.count("offset", most: .max) ?? 0
    let truth = parameters.all("map")
    let listing = try ListingParameters(&parameters)
    try parameters.check()
    if listing.fields.asksForHelp { return try listing.answer { try UtteranceFields.list(on: $0) } }
    if needsDialogue && filters.dialogues.isEmpty {
      throw Refusal(.badRequest, "it is not said which dialogue to show", expected: "dialogue=NAME")
    }
    let reader = try context.reader(matching: truth)
    var query = try filters.query(reader)
    (query.limit, query.offset) = (limit, offset)
    var found = 0
    var answer = try listing.answer { console in
      found = try UtteranceOutput(reader, query, console, fields: UtteranceFields(listing.fields)).write()
    }
    if needsDialogue && found == 0 && offset == 0 && limit > 0 { throw try context.nothing(query, reader) }
    if found == limit && limit > 0 {
      let next = context.target.setting("offset", to: String(offset + found))
      answer.add("Link", "<\(next.text)>; rel=\"next\"")
    }
    return answer
  }

  private static func follow(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    let cursor = try parameters.one("since-cursor")
    let lines = try parameters.count("lines", most: ListingParameters.mostRows)
    let limit = try parameters.count("limit", most: ListingParameters.mostRows) ?? ListingParameters.mostRows
    let truth = parameters.all("map")
    let listing = try ListingParameters(&parameters)
    try parameters.check()
    if listing.fields.asksForHelp { return try listing.answer { try UtteranceFields.list(on: $0, isFollowing: true) } }
    if cursor != nil && lines != nil {
      throw Refusal(.badRequest, "since-cursor says where to begin, and so does lines: take one of them")
    }
    let start = try FollowingStart(onlyCursor: cursor, lines: lines, hasPeriod: filters.hasPeriod)
    let reader = try context.reader(matching: truth)
    let query = try filters.query(reader)
    do {
      return try listing.answer { try tell(from: start, $0) }
    } catch let error as IndexError where error.explanation.kind == .data {
      // The index could be read: the cursor is another's.
      throw Refusal(
        .badRequest, error.explanation.what, found: error.explanation.found, remedy: error.explanation.remedy)
    }

    func tell(from start: FollowingStart, _ console: ResultConsole) throws {
      var following = try UtteranceFollowing(
        reader, query, console, fields: UtteranceFields(listing.fields, isFollowing: true))
      (following.limit, following.end) = (limit, .whenTold)
      _ = try following.write(from: start)
    }
  }
}
