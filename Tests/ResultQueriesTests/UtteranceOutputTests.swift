import Foundation
import Presentation
import ResultIndex
import Testing

@testable import ResultQueries

struct UtteranceOutputTests {
  private func text(
    _ format: OutputFormat, width: Int = 80, fields: [String] = [], _ change: (inout UtteranceQuery) -> Void = { _ in }
  ) throws -> String {
    let reader = try SampleIndex().reader
    var query = UtteranceQuery()
    change(&query)
    return try printed(format, width: width) {
      _ = try UtteranceOutput(reader, query, $0, fields: UtteranceFields(FieldSelection(fields))).write()
    }
  }

  @Test func jsonHoldsEverythingOfAnUtterance() throws {
    let rows = try objects(try text(.json))
    #expect(rows.map { $0["utterance"] as? String } == ["tea#0", "tea#1", "tea#2", "walk#0", "tea#0"])
    let row = rows[1]
    #expect(
      Set(row.keys) == [
        "dialogue", "utterance", "turn", "speaker", "start", "end", "emotion", "confidence", "reason", "probabilities",
        "shares", "branch_logits", "margin", "stability", "certain", "set", "truth", "corrected_by",
        "corrected_at", "text", "bundle", "bundle_title",
        "bundle_digest", "model",
        "model_digest", "current", "scored",
      ])
    #expect(row["truth"] as? String == "joy" && row["emotion"] as? String == "anger" && row["stability"] is NSNull)
    let shares = try #require(row["shares"] as? [String: Any])
    #expect(shares["text"] as? Double == 0.75 && shares["visual"] is NSNull && shares["audio"] as? Double == 0.25)
    #expect((row["branch_logits"] as? [String: [Double]])?.keys.sorted() == ["audio", "text"])
    #expect(rows[4]["bundle"] as? String == "saturday.h5")
  }

  @Test func jsonLinesAreTheSameObjectsALineEach() throws {
    let all = try objects(try text(.json)) as NSArray
    let each = try lines(try text(.jsonl)).map { try JSONSerialization.jsonObject(with: Data($0.utf8)) } as NSArray
    #expect(all == each && each.count == 5)
    #expect(try text(.json) { $0.emotions = ["fear"] } == "[]\n" && text(.jsonl) { $0.emotions = ["fear"] }.isEmpty)
  }

  @Test func delimitedTextHasTheLabelFilesColumnsFirst() throws {
    // A dozen columns where none are asked for: with digests and probabilities nobody could read a line.
    let usual = lines(try text(.csv)).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(usual.count == 6 && usual.allSatisfy { $0.count == 12 })
    #expect(usual[0].prefix(7) == ["dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence"])
    #expect(usual[1].prefix(7) == ["tea", "tea#0", "Rachel", "0", "3.5", "joy", "0.9"])
    #expect(usual[5][10] == "saturday.h5")
    let rows = lines(try text(.csv, fields: ["all"])).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 6 && rows.allSatisfy { $0.count == 31 })
    #expect(rows[0].prefix(4) == ["dialogue", "utterance", "speaker", "start"])
    #expect(rows[0].suffix(4) == ["p:neutral", "p:joy", "p:anger", "p:fear"])
    #expect(rows[1].prefix(7) == ["tea", "tea#0", "Rachel", "0", "3.5", "joy", "0.9"])
    #expect(rows[5][16] == "saturday.h5" && rows[5].suffix(4).first == "0.7")
  }

  @Test func chosenFieldsAreThereInTheirOrder() throws {
    #expect(try lines(text(.csv, fields: ["turn,speaker"]))[1] == "0,Rachel")
    #expect(try lines(text(.tsv, fields: ["probabilities"]))[0] == "p:neutral\tp:joy\tp:anger\tp:fear")
    let json = try objects(try text(.json, fields: ["shares", "truth"]))
    #expect(json.count == 5 && json.allSatisfy { Set($0.keys) == ["shares", "truth"] })
    #expect(try objects(try text(.json, fields: ["all"])).map(\.count) == objects(try text(.json)).map(\.count))
    let table = lines(try text(.table, fields: ["emotion", "confidence", "truth", "current"]))
    #expect(table[0] == "EMOTION  CONFIDENCE  TRUTH  CURRENT" && table[2] == "anger          0.60  joy    yes")
    for fields in [["loudness"], ["shares"], ["branch_logits", "turn"]] {
      #expect(throws: QueryError.self) { try text(.csv, fields: fields) }
    }
  }

  @Test func theTableFitsItsWidth() throws {
    for width in [50, 60, 80, 120] {
      let table = lines(try text(.table, width: width))
      #expect(table.count == 6 && table.allSatisfy { TextWidth.columns(of: $0) <= width })
    }
    let table = lines(try text(.table, width: 120))
    #expect(table[0].hasPrefix("DIALOGUE  TURN  SPEAKER  EMOTION  CONFIDENCE     TRUTH"))
    #expect(table[2].hasPrefix("tea          1  Ross     anger    0.60 ████▊     ≠ joy"))
    #expect(try text(.table) { $0.emotions = ["fear"] }.isEmpty)
  }

  @Test func countsAreNumbersOrAnObject() throws {
    let reader = try SampleIndex().reader
    func count(_ format: OutputFormat) throws -> String {
      try printed(format) { console in
        let found = try UtteranceOutput(reader, UtteranceQuery(), console).writeCount()
        #expect(found == 5)
      }
    }
    #expect(try count(.table) == "5\n" && count(.tsv) == "5\n" && count(.json) == "{\"count\":5}\n")
  }
}

struct DialogueTimelineTests {
  private func draw(_ dialogue: String, width: Int = 80) throws -> (text: [String], remark: String?) {
    let reader = try SampleIndex().reader
    var query = UtteranceQuery()
    query.dialogues = [dialogue]
    var remark: String?
    let text = try printed(width: width) { remark = try DialogueTimelines(reader, $0).draw(query).remark }
    return (lines(text), remark)
  }

  @Test func aDialogueIsAHeaderAndALineForEachTurn() throws {
    let (text, _) = try draw("tea")
    #expect(text[0].hasPrefix("tea  friday.h5, scored ") && text[0].hasSuffix(" by meld-minilm"))
    #expect(text[1] == "3 utterances · 2 speakers · 0:11 · mostly joy 2, anger 1")
    #expect(text[2] == "2 of 3 labels agree with the truth")
    #expect(text[4] == "TURN  TIME  SPEAKER  EMOTION  CONFIDENCE     TEXT/VISUAL/AUDIO     TRUTH")
    #expect(text[6] == "   1  0:04  Ross     anger    0.60 ████▊     ttttttaa  75   –  25  ≠ joy")
    #expect(text[7] == "   2  0:08  Rachel   joy      0.50 ████      ttttttaa  75   –  25  =")
  }

  @Test func severalBundlesWithOneDialogueAreRemarkedUpon() throws {
    let (text, remark) = try draw("tea")
    #expect(text[9].hasPrefix("tea  saturday.h5") && text.count == 14)
    #expect(remark == "2 bundles hold a dialogue 'tea': friday.h5, saturday.h5. Choose one with --bundle.")
    #expect(try draw("walk").remark == nil && draw("*").remark == nil)
  }

  @Test func withoutTruthThereIsNoColumnForIt() throws {
    let (text, _) = try draw("walk")
    #expect(text[1] == "1 utterance · 1 speaker · 0:03 · mostly neutral 1")
    #expect(text[3] == "TURN  TIME  SPEAKER  EMOTION  CONFIDENCE     TEXT/VISUAL/AUDIO" && text.count == 5)
  }
}

struct RecordColumnsTests {
  private struct Row {
    var name: String
    var size: Int?
  }
  private let columns = RecordColumns<Row>([
    .text("name") { $0.name }, .integer("size") { $0.size }, .number("half") { $0.size.map { Double($0) / 2 } },
    .flag("known") { $0.size != nil }, .text("only", onlyJSON: true) { _ in "json" },
  ])
  private let rows = [Row(name: "a,b", size: 3), Row(name: "c", size: nil)]

  @Test(arguments: [
    (
      OutputFormat.json,
      "[\n{\"name\":\"a,b\",\"size\":3,\"half\":1.5,\"known\":true,\"only\":\"json\"},\n"
        + "{\"name\":\"c\",\"size\":null,\"half\":null,\"known\":false,\"only\":\"json\"}\n]\n"
    ),
    (.csv, "name,size,half,known\n\"a,b\",3,1.5,true\nc,,,false\n"),
    (.tsv, "name\tsize\thalf\tknown\na,b\t3\t1.5\ttrue\nc\t\t\tfalse\n"),
  ])
  func oneListOfColumnsMakesEveryFormat(_ format: OutputFormat, _ expected: String) throws {
    #expect(try printed(format) { try columns.write(rows, on: $0) } == expected)
  }

  @Test func nothingIsAnEmptyArrayOrAHeader() throws {
    #expect(try printed(.json) { try columns.write([], on: $0) } == "[]\n")
    #expect(try printed(.jsonl) { try columns.write([], on: $0) }.isEmpty)
    #expect(try printed(.csv) { try columns.write([], on: $0) } == "name,size,half,known\n")
  }
}
