import Foundation
import Testing

@testable import ResultQueries

/// docs/OUTPUT.md and ambq(1) beside what the lists write.
struct OutputContractTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The rows of the document's tables, by heading: field, type, whether tables have it, version.
  private static var documented: [String: [[String]]] {
    get throws {
      let sections = try text("docs/OUTPUT.md").components(separatedBy: "\n## ").dropFirst()
      return sections.reduce(into: [:]) { tables, section in
        let lines = section.components(separatedBy: "\n")
        let rows = lines.filter { $0.hasPrefix("| `") }.map { line in
          line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
        }
        if let heading = lines.first, !rows.isEmpty { tables[heading] = rows }
      }
    }
  }

  @Test func theDocumentHasEveryListAndNoOther() throws {
    #expect(try Set(Self.documented.keys) == Set(OutputContract.lists.map(\.commands)))
  }

  @Test(arguments: OutputContract.lists.map(\.commands))
  func theDocumentHasEveryFieldWithItsType(_ commands: String) throws {
    let list = try #require(OutputContract.lists.first { $0.commands == commands })
    let rows = try #require(try Self.documented[commands])
    #expect(rows.map { $0[0] } == list.fields.map(\.name))
    #expect(rows.map { $0[1] } == list.fields.map(\.type))
    for (row, field) in zip(rows, list.fields) {
      #expect((row[2] == "yes") == !field.isOnlyInJSON || row[2] == "asked", "\(field.name) of \(commands)")
      #expect(["0.1", "0.2"].contains(row[3]), "\(field.name) of \(commands)")
    }
  }

  @Test(arguments: OutputContract.lists.map(\.commands))
  func theManualHasEveryField(_ commands: String) throws {
    let manual = try Self.text("man/ambq.1")
    let words = Set(
      manual.split(separator: "\n").filter { $0.hasPrefix(".") }.flatMap { $0.split(separator: " ").map(String.init) })
    let list = try #require(OutputContract.lists.first { $0.commands == commands })
    for field in list.fields { #expect(words.contains(field.name), "\(field.name) of \(commands)") }
  }

  @Test func theManualHasEveryExitStatusAndVariable() throws {
    let manual = try Self.text("man/ambq.1")
    let statuses = try #require(manual.components(separatedBy: "\n.Sh EXIT STATUS\n").dropFirst().first)
      .components(separatedBy: "\n.Sh ")[0]
    let codes = statuses.matches(of: /\.It ([0-9]+)/).compactMap { Int($0.1) }
    #expect(codes == HelpTopic.statuses.map(\.code))
    for variable in HelpTopic.variables { #expect(manual.contains("Ev \(variable.name)"), "\(variable.name)") }
  }

  @Test(arguments: HelpTopic.allCases, [70, 100]) func topicsFitTheirWidth(_ topic: HelpTopic, _ width: Int) {
    let lines = topic.text(width: width).split(separator: "\n")
    #expect(lines.count > 5 && lines.allSatisfy { $0.count <= width })
  }
}
