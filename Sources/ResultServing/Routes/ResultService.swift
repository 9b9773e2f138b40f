import AmbqConfiguration
import DialogueDomain
import Presentation
import ResultQueries

/// Answers requests about one index: a request in, an answer out, nothing kept between them.
public struct ResultService: Sendable {
  private let location: ResultLocation
  private let gate: RequestGate
  private let routes: [String: ServedRoute]

  /// - Parameters:
  ///   - location: where index and spool are; neither need be there yet.
  ///   - gate: which requests are answered.
  public init(_ location: ResultLocation, _ gate: RequestGate) {
    (self.location, self.gate) = (location, gate)
    routes = Dictionary(Self.all.map { ($0.path, $0) }) { first, _ in first }
  }

  /// The addresses of the JSON interface, in the order of the documentation.
  static let interface = UtteranceRoutes.all + GroupRoutes.all + BundleRoutes.all

  private static let all =
    interface + PageRoutes.all + [ServedRoute("/api", "what there is", answer: describe)]

  /// The answer; an error is one, too.
  public func answer(_ request: ServedRequest) -> ServedAnswer {
    do {
      try gate.look(at: request)
      let target = try RequestTarget(request.target)
      let passage = try gate.admit(request, target)
      let asked = target.removing("token")
      guard let route = route(asked.path) else { throw unknown(asked.path) }
      if case .keeping(let cookie) = passage, request.acceptsPages, !asked.path.hasPrefix("/api") {
        return .redirect(to: asked, headers: [("Set-Cookie", cookie)])
      }
      var parameters = QueryParameters(asked.parameters)
      return try route.answer(&parameters, ServedContext(location: location, target: asked))
    } catch {
      return ServedAnswer(Refusal(error), asPage: request.acceptsPages)
    }
  }

  private func route(_ path: String) -> ServedRoute? { routes[path] ?? PageRoutes.night(path) }

  private func unknown(_ path: String) -> Refusal {
    let meant = nearestName(to: path, among: routes.keys.sorted()).map { "Did you mean '\($0)'? " } ?? ""
    return Refusal(.notFound, "there is nothing at '\(path.prefix(80))'", remedy: "\(meant)/api lists what there is.")
  }

  @Sendable private static func describe(
    _ parameters: inout QueryParameters, _ context: ServedContext
  ) throws -> ServedAnswer {
    try parameters.check()
    var json = JSONText()
    json.object { json in
      json.member("version", Version.current)
      json.member("most_rows", ListingParameters.mostRows)
      json.object("routes") { json in
        for route in interface { json.member(route.path, route.meaning) }
      }
    }
    json.endLine(separated: false)
    return ServedAnswer(type: .json, .bytes(json.bytes))
  }
}
