import Foundation
import ResultIndex
import Testing

/// ambq(1) beside what the program does.
struct AmbqManualTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  private static var manual: String {
    get throws {
      let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../man/ambq.1").standardized
      return try String(contentsOf: file, encoding: .utf8)
    }
  }

  @Test(arguments: [
    "list", "show", "why", "follow", "count", "stats", "dialogues", "speakers", "emotions", "models", "bundles",
    "errors",
    "status", "verify", "sql",
  ])
  func everyCommandAndOptionIsInTheManual(_ command: String) throws {
    let text = try Self.manual
    #expect(text.contains("\n.It Cm \(command)"))
    let help = try ambq("help", command).output
    let options = Set(help.matches(of: /--([a-z-]+)/).map { String($0.1) }).subtracting(["help"])
    #expect(options.isSuperset(of: ["spool", "index", "format", "colour"]))
    for option in options { #expect(text.contains("Fl -\(option)"), "--\(option) of ambq \(command)") }
  }

  /// The sections whose tables hold the keys of each command's JSON.
  @Test(arguments: [
    ("list", "Utterances"), ("stats", "Statistics"), ("dialogues", "Groups"), ("speakers", "Groups"),
    ("emotions", "Groups"), ("models", "Groups"), ("bundles", "Bundles"), ("errors", "Errors"), ("status", "Status"),
    ("verify", "Verification"),
  ])
  func everyKeyOfJSONIsAKeyInTheManual(_ command: String, _ title: String) throws {
    let section = try #require(try Self.manual.components(separatedBy: "\n.S").first { $0.hasPrefix("s \(title)\n") })
    let known = Self.literals(section)
    let lines = try ambq(command, "--format", "jsonl").lines
    let objects = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
    let keys = objects.reduce(into: Set<String>()) { $0.formUnion(Self.keys($1, of: nil)) }
    #expect(!objects.isEmpty && keys.count > 5)
    #expect(keys.subtracting(known).isEmpty, "ambq \(command) has keys that the manual lacks")
  }

  @Test(arguments: IndexView.all.map(\.name))
  func everyViewOfSQLIsInTheManualWithItsColumns(_ name: String) throws {
    let view = try #require(IndexView.all.first { $0.name == name })
    let section = try #require(try Self.manual.components(separatedBy: "\n.S").first { $0.hasPrefix("s SQL\n") })
    let table = try #require(section.components(separatedBy: "\n.Pp\n").first { $0.hasPrefix(".Li \(name)\n") })
    let rows = table.matches(of: /\n\.It Li (.+?) Ta ([a-z]+) Ta (.+)/)
    let columns = rows.flatMap { row in
      row.1.components(separatedBy: " , ").map { (name: $0, kind: String(row.2)) }
    }
    #expect(columns.map(\.name) == view.columns.map(\.name))
    #expect(columns.map(\.kind) == view.columns.map(\.kind.rawValue))
  }

  /// The words that a section's macros set as literal text.
  private static func literals(_ section: String) -> Set<String> {
    var literals: Set<String> = []
    for line in section.split(separator: "\n") where line.hasPrefix(".") {
      var isLiteral = false
      for word in line.split(separator: " ") {
        switch word {
        case "Li", ".Li": isLiteral = true
        case "Ta", "No", "Em", "Cm", "Fl", "Ar": isLiteral = false
        default: if isLiteral { literals.insert(String(word)) }
        }
      }
    }
    return literals
  }

  /// Every key of a JSON value, apart from those that are data: emotions, and the spool's folders.
  private static func keys(_ value: Any, of parent: String?) -> Set<String> {
    if let array = value as? [Any] {
      return array.reduce(into: []) { $0.formUnion(keys($1, of: nil)) }
    }
    guard let object = value as? [String: Any] else { return [] }
    let isData = parent.map { ["probabilities", "emotions", "queue"].contains($0) } ?? false
    return object.reduce(into: []) { found, member in
      if !isData { found.insert(member.key) }
      found.formUnion(keys(member.value, of: member.key))
    }
  }
}
