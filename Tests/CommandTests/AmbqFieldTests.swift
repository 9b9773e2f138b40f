import Foundation
import Testing

/// `--fields`, `--json`, templates, `--print0` and filters, on every list.
struct AmbqFieldTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  private static let lists: [(command: [String], field: String)] = [
    (["list"], "emotion"), (["show", "dev-1"], "emotion"), (["follow", "--once"], "cursor"),
    (["count", "--by", "speaker"], "count"), (["dialogues"], "bundle_digest"), (["speakers"], "share"),
    (["emotions"], "uncertain"), (["models"], "model_digest"), (["bundles"], "state"), (["errors"], "requeue"),
    (["verify"], "problem"),
  ]

  @Test(arguments: lists) func chosenFieldsComeInEveryFormat(_ list: (command: [String], field: String)) throws {
    let (command, field) = list
    let csv = try ambq.call(command + ["--fields", field, "--format", "csv"]).lines
    #expect(csv.first == field && csv.count > 1)
    let objects = try ambq.call(command + ["--json", field, "--format", "jsonl"]).lines
    #expect(objects.count == csv.count - 1)
    for object in objects {
      let members = try #require(try JSONSerialization.jsonObject(with: Data(object.utf8)) as? [String: Any])
      #expect(Array(members.keys) == [field])
    }
    #expect(try ambq.call(command + ["--fields", field, "--format", "table"]).lines.first == field.uppercased())
    let lines = try ambq.call(command + ["--format", "<{\(field)}>"]).lines
    #expect(lines.count == csv.count - 1 && lines.allSatisfy { $0.hasPrefix("<") && $0.hasSuffix(">") })
  }

  @Test(arguments: lists) func withoutAValueTheFieldsAreListed(_ list: (command: [String], field: String)) throws {
    for option in ["--json", "--fields"] {
      let listed = try ambq.call(list.command + [option])
      #expect(
        listed.status == 0
          && listed.lines.contains { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) == list.field })
    }
    let typo = String(list.field.dropLast()) + "x"
    for arguments in [["--json", typo], ["--fields", typo], ["--format", "{\(typo)}"]] {
      let refused = try ambq.call(list.command + arguments)
      #expect(refused.status == 64 && refused.output.isEmpty)
      #expect(refused.errors.contains("there is no field '\(typo)'. Did you mean '\(list.field)'?"))
    }
  }

  @Test(arguments: [
    ["list", "--json", "emotion", "--format", "csv"], ["list", "--json", "emotion", "--fields", "text"],
    ["list", "--fields", "emotion", "--format", "{emotion}"], ["stats", "--format", "{emotion}"],
    ["bundles", "--print0", "--fields", "state"], ["count", "--json", "count"], ["report", "--quiet"],
    ["show", "dev-1", "--dialogue", "dev-1"],
  ])
  func whatContradictsItselfIsRefused(_ arguments: [String]) throws {
    let refused = try ambq.call(arguments)
    #expect(refused.status == 64 && refused.output.isEmpty)
  }

  @Test func namesEndWithAZeroByteOnEveryList() throws {
    func names(_ arguments: String...) throws -> [String] {
      let output = try ambq.call(arguments).output
      #expect(output.hasSuffix("\0"))
      return output.split(separator: "\0").map(String.init)
    }
    #expect(try names("show", "dev-1", "--bundle", "friday.h5", "--print0").allSatisfy { $0.hasPrefix("dev-1#") })
    #expect(try Set(names("count", "--by", "speaker", "--print0")) == ["Rachel", "Ross", "Müller, Jörg", "田中"])
    #expect(try names("verify", "--print0").contains("labels/saturday.h5.tsv"))
    #expect(try names("list", "--format", "{utterance}\\0") == names("list", "--print0"))
  }

  @Test func filtersOfUtterancesWorkOnShowAndBundles() throws {
    let turns = try ambq("show", "dev-1", "--speaker", "Ross", "--json", "speaker,emotion", "--format", "jsonl").lines
    #expect(turns.count > 1 && turns.allSatisfy { $0.contains("\"Ross\"") })
    let drawn = try ambq("show", "dev-1", "--speaker", "Ross", "--bundle", "friday.h5")
    #expect(drawn.output.contains("that pass the filters") && !drawn.output.contains("Rachel "))
    #expect(try !ambq("show", "dev-1", "--bundle", "friday.h5").output.contains("that pass the filters"))
    // A failure holds no utterance; what a bundle holds is told of the whole bundle.
    let holding = try ambq("bundles", "--dialogue", "dev-3", "--json", "bundle_title,utterances", "--format", "jsonl")
    #expect(holding.lines == ["{\"bundle_title\":\"friday.h5 (2a2a2a2a)\",\"utterances\":8}"])
    #expect(try ambq("bundles", "--text", "refund").status == 1)
  }

  @Test func quietIsOnEveryCommandThatSaysSomething() throws {
    for command in [
      "export --to csv --dialogue nowhere", "retry nothing.h5", "bundles --text refund", "follow --once --speaker X",
    ] {
      let result = try ambq.shell("\"$AMBQ\" \(command) --quiet")
      #expect(result.status == 1 && result.output.isEmpty && result.errors.isEmpty, "\(command)")
    }
  }
}
