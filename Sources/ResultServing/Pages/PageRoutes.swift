import AmbqConfiguration
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex
import ResultQueries

/// The pages for a browser.
enum PageRoutes {
  static let all = [
    ServedRoute("/", "the nights and the last dialogues", answer: home),
    ServedRoute("/dialogue", "one dialogue as a page: dialogue=NAME", answer: dialogue),
    ServedRoute(folder, "the nights") { try nightFile("index.html", &$0, $1) },
  ]

  /// Where the reports of the nights are, with the pages that they lead to.
  static let folder = "/nights/"

  /// A file of the nights' folder; nil for a path that can be none.
  static func night(_ path: String) -> ServedRoute? {
    guard path.hasPrefix(folder) else { return nil }
    let name = String(path.dropFirst(folder.count))
    guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_-]*\.(html|md|json)/) != nil else { return nil }
    return ServedRoute(path, "a night's report") { try nightFile(name, &$0, $1) }
  }

  private static func nightFile(
    _ name: String, _ parameters: inout QueryParameters, _ context: ServedContext
  ) throws -> ServedAnswer {
    try parameters.check()
    guard let folder = context.location.spool?.nightReports else {
      throw Refusal(
        .notFound, "it is not known where the reports of the nights lie",
        remedy: "Name the spool when you start ambq serve: --spool DIR.")
    }
    guard let file = try OpenFile.reading(folder.appendingPathComponent(name, isDirectory: false)) else {
      let isIndex = ["index.html", "latest.html"].contains(name)
      throw Refusal(
        .notFound, isIndex ? "no night has a report yet" : "there is no such report", found: isIndex ? nil : name,
        remedy: "ambd writes one each night; 'ambq report' makes one at any time.")
    }
    let type: ContentType =
      switch name.split(separator: ".").last {
      case "md": .markdown
      case "json": .json
      default: .html
      }
    return ServedAnswer(type: type, .file(file))
  }

  private static func dialogue(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    let truth = parameters.all("map")
    try parameters.check()
    guard !filters.dialogues.isEmpty else {
      throw Refusal(.badRequest, "it is not said which dialogue to show", expected: "dialogue=NAME")
    }
    let reader = try context.reader(matching: truth)
    let query = try filters.query(reader)
    let parent = (file: "/", words: "All conversations")
    guard let page = try DialoguePageOutput.pageOfIndex(query, reader, parent: parent) else {
      throw try context.nothing(query, reader)
    }
    return ServedAnswer(html: page)
  }

  private static func home(_ parameters: inout QueryParameters, _ context: ServedContext) throws -> ServedAnswer {
    let filters = try UtteranceParameters(&parameters)
    let limit = try parameters.count("limit", most: HomePage.most) ?? HomePage.usual
    try parameters.check()
    let reader = try context.reader()
    let query = try filters.query(reader)
    var groups: [UtteranceGroup] = []
    try reader.forEachGroup(.dialogue, query, order: GroupOrder(.time, descending: true), limit: limit) {
      groups.append($0)
    }
    let nights = context.location.spool?.nightReports
    let hasNights = nights.map { FileManager.default.fileExists(atPath: $0.appendingPathComponent("latest.html").path) }
    let page = HomePage(dialogues: groups, limit: limit, hasNights: hasNights ?? false)
    return ServedAnswer(html: page.html)
  }
}
