import Foundation
import Testing

@testable import ResultExport

struct TableTests {
  private func text(_ format: ExportFormat, isSafe: Bool = false) throws -> String {
    let sample = try SampleExport()
    try sample.record("call.h5", [("the call", SampleExport.quarrel)])
    return try sample.text(format, isSafe: isSafe)
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func jsonLinesSayWhyThereIsNoLabel() throws {
    let rows = try objects(text(.jsonl))
    #expect(rows.map { $0["emotion"] as? String } == ["anger", "joy", "neutral", "unknown"])
    #expect(rows[3]["reason"] as? String == "it lacks every modality that the model reads")
    #expect(rows[3]["confidence"] is NSNull && rows[0]["reason"] is NSNull && rows[1]["certain"] as? Bool == false)
    #expect(rows[0]["probabilities"] as? [String: Double] == ["neutral": 0.125, "joy": 0.125, "anger": 0.75])
    #expect(rows[2]["text"] as? String == "5 < 6 & {\\b} --> <i>so</i>\nit is")
  }

  @Test func everyTableHasTheSameColumns() throws {
    let header = try #require(try text(.csv).split(separator: "\n").first)
    let names = header.split(separator: ",").map(String.init)
    #expect(names.prefix(8) == ["dialogue", "utterance", "turn", "speaker", "start", "end", "text", "emotion"])
    #expect(
      names.suffix(3) == ["p:neutral", "p:joy", "p:anger"]
        && names == TableColumn.all(emotions: ["neutral", "joy", "anger"]).map(\.name))
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("-2", "'-2"), ("@a", "'@a"), ("\tx", "'\tx"), ("a=b", "a=b"), ("", ""), ("＝1", "'＝1"),
  ])
  func aTextThatWouldBeCalculatedGetsAnApostrophe(_ text: String, _ safe: String) {
    #expect(SpreadsheetText.safe(text) == safe)
  }

  @Test func onlyASafeTableChangesTexts() throws {
    #expect(try text(.csv).contains(",=1+1 \u{7}is two,") && text(.csv, isSafe: true).contains(",'=1+1 \u{7}is two,"))
  }

  @Test func rttmHasTenFieldsWithTheEmotionInTheSeventh() throws {
    let lines = try text(.rttm).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "SPEAKER the_call 1 0 4 <NA> anger Anna 0.75 <NA>", "SPEAKER the_call 1 2.5 3.5 <NA> joy Anna 0.75 <NA>",
        "SPEAKER the_call 1 6 1.25 <NA> neutral Ben_<B> 0.75 <NA>",
        "SPEAKER the_call 1 9 0.001 it_lacks_every_modality_that_the_model_reads unknown Jörg <NA> <NA>",
      ])
  }

  @Test func rttmNeverMakesOneRecordingOfTwo() throws {
    let sample = try SampleExport()
    for bundle in ["friday.h5", "saturday.h5"] {
      try sample.record(bundle, [("a b", [SampleExport.quarrel[0]]), ("a_b", [SampleExport.quarrel[0]])])
    }
    let files = try sample.text(.rttm).split(separator: "\n").map { String($0.split(separator: " ")[1]) }
    #expect(files == ["a_b", "a_b_(friday.h5)", "a_b_(saturday.h5)", "a_b_(saturday.h5)_2"])
  }

  @Test func labelStudioGetsATaskADialogueWithPredictionsAndTheTruth() throws {
    let tasks = try #require(try JSONSerialization.jsonObject(with: Data(text(.labelStudio).utf8)) as? [[String: Any]])
    let task = try #require(tasks.first)
    #expect(tasks.count == 1)
    let turns = try #require((task["data"] as? [String: Any])?["dialogue"] as? [[String: Any]])
    #expect(turns.map { $0["text"] as? String }.last == "[utterance the call#3]" && turns[3]["reason"] != nil)
    let prediction = try #require((task["predictions"] as? [[String: Any]])?.first)
    let regions = try #require(prediction["result"] as? [[String: Any]])
    #expect(prediction["model_version"] as? String == "meld-minilm 5e5e5e5e" && prediction["score"] as? Double == 0.75)
    #expect(
      regions.compactMap { ($0["value"] as? [String: Any])?["paragraphlabels"] as? [String] } == [
        ["anger"], ["joy"], ["neutral"],
      ])
    let annotation = try #require((task["annotations"] as? [[String: Any]])?.first)
    #expect(annotation["ground_truth"] as? Bool == true && (annotation["result"] as? [Any])?.count == 1)
  }

  @Test func labelStudiosTruthIsAChoiceOnlyWhereSomebodyChangedIt() throws {
    let exported = try text(.labelStudio)
    #expect(try LabelStudioAnnotations(Data(exported.utf8), "tasks.json").labels.isEmpty)
    var tasks = try #require(try JSONSerialization.jsonObject(with: Data(exported.utf8)) as? [[String: Any]])
    var annotations = try #require(tasks[0]["annotations"] as? [[String: Any]])
    var regions = try #require(annotations[0]["result"] as? [[String: Any]])
    var value = try #require(regions[0]["value"] as? [String: Any])
    value["paragraphlabels"] = ["disgust"]
    regions[0]["value"] = value
    annotations[0]["result"] = regions
    tasks[0]["annotations"] = annotations
    let changed = try JSONSerialization.data(withJSONObject: tasks)
    #expect(try LabelStudioAnnotations(changed, "tasks.json").labels.map(\.truth) == ["disgust"])
  }

  @Test func theConfigurationForLabelStudioNamesTheEmotions() throws {
    let sample = try SampleExport()
    try sample.record(
      "call.h5", [("the call", SampleExport.quarrel + [Said(speaker: "Anna", text: "So?", truth: "doubt")])])
    let text = try sample.text(.labelStudioConfig)
    // A truth that the model does not know is an annotation, too.
    #expect(text.matches(of: /<Label value="(.+?)"/).map(\.1) == ["neutral", "joy", "anger", "doubt"])
  }
}
