import Foundation
import ResultIndex
import Testing

struct AmbqListTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test func angryUtterancesAreListedAsTSVWhenPiped() throws {
    let result = try ambq("list", "--emotion", "anger")
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.lines.count == 15)
    let header = result.lines[0].split(separator: "\t").map(String.init)
    // A dozen, for people and cut(1): all of them, with digests and probabilities, made lines of 700 characters.
    #expect(
      header == [
        "dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence", "certain", "stability", "truth",
        "bundle", "text",
      ])
    let widths = Set(result.lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).count })
    #expect(widths == [header.count])
    #expect(result.lines.dropFirst().allSatisfy { $0.split(separator: "\t")[5] == "anger" })
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test func fieldsAreThoseAskedFor() throws {
    let all = try ambq("list", "--fields", "all", "--limit", "3").lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    #expect(all[0].starts(with: ["dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence"]))
    #expect(all[0].suffix(7) == ["p:neutral", "p:surprise", "p:fear", "p:sadness", "p:joy", "p:disgust", "p:anger"])
    #expect(all.count == 4 && all.allSatisfy { $0.count == 34 })
    let two = try ambq("list", "--fields", "speaker,emotion", "--fields", "scored", "--limit", "1", "--format", "csv")
    #expect(two.output == "speaker,emotion,scored\nRoss,neutral,2026-11-22T19:40:00.000Z\n")
    let json = try ambq("list", "--fields", "set,utterance", "--limit", "1", "--format", "jsonl")
    #expect(json.output == "{\"set\":null,\"utterance\":\"dev-0#0\"}\n")
    let shown = try ambq("show", "dev-0", "--fields", "turn,emotion")
    #expect(shown.lines[0] == "TURN  EMOTION" && shown.lines.count == 8)
    let wrong = try ambq("list", "--fields", "speakr")
    #expect(wrong.status == 64 && wrong.output.isEmpty)
    #expect(wrong.errors == "ambq: there is no field 'speakr'. Did you mean 'speaker'? '--fields help' lists them.\n")
    #expect(try ambq("list", "--fields", "branch_logits").status == 64)
    #expect(try ambq("list", "--fields", "branch_logits", "--format", "jsonl", "--limit", "1").status == 0)
  }

  @Test func fieldsWithoutAValueListsThem() throws {
    let list = try ambq("list", "--fields")
    #expect(list.status == 0 && list.lines[0] == "field\tmeaning" && list.lines[1] == "dialogue\tname of the dialogue")
    #expect(try ambq("list", "--fields", "--format", "table").lines[0].hasPrefix("dialogue  "))
    // Every key of JSON is a field, and needs no index to be listed.
    let names = Set(
      try ambq("list", "--fields", "help", "--spool", "/nowhere").lines.map { String($0.split(separator: "\t")[0]) })
    let row = try #require(try objects(try ambq("list", "--limit", "1", "--format", "json").output).first)
    #expect(names.isSuperset(of: row.keys))
  }

  @Test func namesEndWithAZeroByteWhenAskedFor() throws {
    #expect(
      try ambq("list", "--dialogue", "tea*", "--limit", "2", "--print0").output == "tea, \"two\"#0\0tea, \"two\"#1\0")
    #expect(try ambq("list", "--limit", "1", "--fields", "bundle", "--print0").output == "friday.h5\0")
    #expect(try ambq("dialogues", "--dialogue", "tea*", "--print0").output == "tea, \"two\"\0")
    #expect(try ambq("speakers", "--limit", "1", "--print0").output.hasSuffix("\0"))
    #expect(try ambq("bundles", "--state", "failed", "--print0").output == "broken's.h5\0")
    #expect(try ambq("errors", "--print0").output.hasPrefix(spool.root.path + "/failed/broken's.h5\0"))
    for refused in [["--fields", "all"], ["--fields", "turn"], ["--format", "json"], ["--count"]] {
      let result = try ambq.shell("\"$AMBQ\" list --print0 " + refused.joined(separator: " "))
      #expect(result.status == 64 && result.output.isEmpty, "\(refused)")
    }
  }

  @Test func filtersCombineAndTakeLists() throws {
    let all = try objects(try ambq("list", "--format", "json").output)
    func names(_ arguments: [String]) throws -> [String] {
      let result = try ambq.shell("\"$AMBQ\" list --format json \(arguments.joined(separator: " "))")
      return try objects(result.output).map { "\($0["bundle_digest"] ?? "")/\($0["utterance"] ?? "")" }
    }
    func expected(_ test: ([String: Any]) -> Bool) -> [String] {
      all.filter(test).map { "\($0["bundle_digest"] ?? "")/\($0["utterance"] ?? "")" }
    }
    func text(_ row: [String: Any], _ key: String) -> String { row[key] as? String ?? "" }
    func number(_ row: [String: Any], _ key: String) -> Double { row[key] as? Double ?? -1 }

    #expect(
      try names(["--emotion anger,joy --emotion fear", "--speaker Rachel"])
        == expected { ["anger", "joy", "fear"].contains(text($0, "emotion")) && text($0, "speaker") == "Rachel" })
    #expect(
      try names(["--not-emotion neutral --min-confidence 0.5 --max-confidence 0.8"])
        == expected {
          text($0, "emotion") != "neutral" && (0.5...0.8).contains(number($0, "confidence"))
        })
    #expect(try names(["--bundle friday.h5"]) == expected { text($0, "bundle") == "friday.h5" })
    #expect(try names(["--bundle 'friday.h5 (2a2a2a2a)'"]) == expected { text($0, "bundle_digest").hasPrefix("2a") })
    #expect(try names(["--dialogue 'dev-*' --dialogue 'tea*'"]) == expected { _ in true })
    #expect(
      try names(["--speaker 'Müller\\, Jörg,Ross'"])
        == expected { ["Müller, Jörg", "Ross"].contains(text($0, "speaker")) })
    #expect(try names(["--since 2026-11-22T20:00Z"]) == expected { text($0, "bundle") == "saturday.h5" })
    #expect(try names(["--until 2026-11-22T20:00Z"]) == expected { text($0, "bundle") == "friday.h5" })
    #expect(try names(["--limit 3 --offset 2"]) == Array(expected { _ in true }[2..<5]))
  }

  @Test func rowsAreSortedAsAskedFor() throws {
    let result = try ambq("list", "--format", "jsonl", "--sort", "-confidence", "--limit", "5")
    let confidences = try result.lines.map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["confidence"] as? Double
    }
    #expect(confidences.count == 5)
    #expect(confidences.compactMap { $0 } == confidences.compactMap { $0 }.sorted(by: >))
    let byEmotion = try ambq("list", "--sort=emotion,-confidence").lines.dropFirst().map {
      $0.split(separator: "\t")[5]
    }
    #expect(byEmotion == byEmotion.sorted())
  }

  @Test func jsonCarriesEverythingInFullPrecision() throws {
    let row = try #require(
      try objects(try ambq("list", "--dialogue", "dev-0", "--limit", "1", "--format", "json").output).first)
    let keys = [
      "dialogue", "utterance", "turn", "speaker", "start", "end", "emotion", "confidence", "reason", "probabilities",
      "shares", "branch_logits", "margin", "stability", "certain", "set", "truth", "corrected_by",
      "corrected_at", "text", "bundle", "bundle_title",
      "bundle_digest", "model",
      "model_digest",
      "current", "scored",
    ]
    #expect(Set(row.keys) == Set(keys))
    let probabilities = try #require(row["probabilities"] as? [String: Double])
    #expect(probabilities.count == 7)
    let logits = try #require(row["branch_logits"] as? [String: [Double]])
    #expect(Set(logits.keys) == ["text", "visual", "audio"] && logits["text"]?.count == 7)
    #expect(row["scored"] as? String == "2026-11-22T19:40:00.000Z")
    #expect(row["turn"] as? Int == 0 && row["current"] as? Bool == true && row["stability"] is NSNull)
    let reader = try IndexReader(spool.index)
    var query = UtteranceQuery()
    query.dialogues = ["dev-0"]
    let stored = try #require(try reader.utterances(query, detail: .logits).first)
    #expect(row["confidence"] as? Double == stored.confidence)
    #expect(logits["text"]?.map(Float.init) == stored.branchLogits[.text])
  }

  @Test func hostileNamesStayOneFieldInEveryFormat() throws {
    let csv = try ambq("list", "--dialogue", "tea*", "--limit", "1", "--format", "csv")
    #expect(csv.lines[1].hasPrefix("\"tea, \"\"two\"\"\",\"tea, \"\"two\"\"#0\",\"Müller, Jörg\",0,3.5,anger,"))
    let json = try objects(try ambq("list", "--dialogue", "tea*", "--limit", "1", "--format", "json").output)
    #expect(json.first?["dialogue"] as? String == "tea, \"two\"")
  }

  @Test func countPrintsANumberOnly() throws {
    #expect(try ambq("list", "--emotion", "anger", "--count").output == "14\n")
    #expect(try ambq("list", "--count", "--format", "json", "--limit", "1").output == "{\"count\":59}\n")
    let none = try ambq("list", "--emotion", "anger", "--min-confidence", "1", "--count")
    #expect(none.output == "0\n" && none.status == 1)
  }

  @Test func nothingFoundIsExplained() throws {
    let speaker = try ambq("list", "--speaker", "Rachael")
    #expect(speaker.status == 1)
    #expect(speaker.errors == "ambq: nothing found: no speaker is called 'Rachael'; did you mean 'Rachel'?\n")
    let surely = try ambq("list", "--emotion", "anger", "--min-confidence", "0.99", "--format", "json")
    #expect(surely.status == 1 && surely.output == "[]\n")
    #expect(surely.errors == "ambq: nothing found: without --min-confidence there would be some\n")
    let both = try ambq("list", "--min-confidence", "0.99", "--since", "2026-11-25")
    #expect(both.errors == "ambq: nothing found: no utterance passes all filters, nor all but one of them\n")
    let past = try ambq("list", "--offset", "1000")
    #expect(past.errors == "ambq: nothing left: 59 utterances match, and --offset skips them all\n")
    #expect(try ambq("list", "--speaker", "Rachael", "--format", "csv").lines.count == 1)
  }

  @Test func anUnknownEmotionIsAnsweredWithTheKnownOnes() throws {
    let result = try ambq("list", "--emotion", "angry")
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(
      result.errors == """
        ambq: no model of this index knows the emotion 'angry'; expected one of neutral, surprise, fear, sadness, joy, \
        disgust, anger. Did you mean 'anger'?

        """)
    #expect(try ambq("list", "--emotion", "Anger", "--count").output == "14\n")
  }

  @Test(arguments: [
    ["list", "--since", "soon"], ["list", "--min-confidence", "2"],
    ["list", "--min-confidence", "0.9", "--max-confidence", "0.1"],
    ["list", "--sort", "loudness"], ["list", "--limit", "-1"], ["list", "--since", "today", "--until", "yesterday"],
    ["list", "--format", "xml"], ["list", "--loud"], ["list", "--min-confidence", "high"],
    ["bundles", "--state", "lost"],
    ["show"], ["stats", "--top", "-1"], ["frobnicate"],
  ])
  func usageErrorsAreToldOnStandardError(_ arguments: [String]) throws {
    let result = try ambq.shell("\"$AMBQ\" " + arguments.joined(separator: " "))
    #expect(result.status == 64)
    #expect(result.output.isEmpty && !result.errors.isEmpty)
  }

  @Test func supersededLabelsAreListedOnlyWhenAskedFor() throws {
    let writer = try IndexWriter(spool.index)
    try spool.record(writer, "saturday.h5", seed: 3, model: "newer", dialogues: ["dev-1", "tea, \"two\""], after: 9000)
    #expect(try ambq("list", "--count").output == "59\n")
    #expect(try ambq("list", "--count", "--all-models").output == "80\n")
    #expect(try ambq("list", "--count", "--model", "newer").output == "21\n")
    #expect(try ambq("list", "--count", "--bundle", "saturday.h5", "--model", "meld-minilm").output == "21\n")
    let unknown = try ambq("list", "--model", "never")
    #expect(unknown.status == 1 && unknown.errors.contains("no model is called 'never'"))
  }
}
