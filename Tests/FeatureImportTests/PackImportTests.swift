import DialogueDomain
import Foundation
import OperatingSystem
import TestFolders
import Testing

@testable import FeatureImport

@Test func aTableAndItsArraysBecomeABundle() throws {
  let folder = try TemporaryFolder()
  let table = try folder.write(
    """
    Dialogue,Speaker,start,end,emotion
    monday,Ann,0,1.5,joy
    tuesday,Cem,0,2,
    monday,Bob,1.5,4,anger

    """, to: "talk.csv")
  let text = try folder.write(NumpyFile.bytes(of: [1, 2, 3, 4, 5, 6], shape: [3, 2]), to: "text.npy")
  let audio = try folder.write(NumpyFile.bytes(of: [7, .nan, 9], shape: [3, 1]), to: "audio.npy")
  let pack = PackImport(
    table: table, features: [.text: text, .audio: audio], dataset: "talks", extractors: [.text: "mine/2", .visual: "x"])
  let bundle = try pack.read().bundle
  #expect(bundle.dialogues == [Dialogue(id: "monday", rows: 0..<2), Dialogue(id: "tuesday", rows: 2..<3)])
  #expect(
    bundle.utterances == [
      Utterance(id: "monday#0", speaker: "Ann", start: 0, end: 1.5, label: 1),
      Utterance(id: "monday#1", speaker: "Bob", start: 1.5, end: 4, label: 0),
      Utterance(id: "tuesday#0", speaker: "Cem", start: 0, end: 2),
    ])
  #expect(bundle.emotions?.names == ["anger", "joy"])
  // Rows follow their utterances to the bundle's order.
  #expect(bundle.features[.text]?.values == [1, 2, 5, 6, 3, 4])
  #expect(bundle.features[.audio]?.values == [7, 9, 0])
  #expect(bundle.features[.audio]?.missing == [false, false, true])
  #expect(bundle.extractors == [.text: "mine/2"])
  #expect(bundle.dataset == "talks")
}

@Test func archivesServeAsFeatures() throws {
  let folder = try TemporaryFolder()
  let table = try folder.write(ascii("dialogue\tspeaker\nd\ta\nd\tb\n"), to: "t.tsv")
  let bundle = try PackImport(
    table: table, features: [.text: Fixture.url("stored.npz"), .audio: Fixture.url("stored.npz")]
  ).read().bundle
  #expect(bundle.features[.text]?.width == 3)
  #expect(bundle.features[.audio]?.values == [0, 1, 2, 3])
  #expect(bundle.emotions == nil)
  let error = #expect(throws: FeatureImportError.self) {
    try PackImport(table: table, features: [.visual: Fixture.url("stored.npz")]).read()
  }
  #expect(try #require(error).description.contains("no array of that modality; found text, audio; expected visual"))
}

@Test(arguments: [
  ("dialogue,speker\nd,a\n", "line 1: unknown column; found speker; expected speaker"),
  ("dialogue,speaker,colour\nd,a,b\n", "unknown column; found colour; expected dialogue, utterance, speaker"),
  ("dialogue\nd\n", "the table lacks a column; found dialogue; expected speaker"),
  ("dialogue,speaker,Speaker\nd,a,b\n", "two columns of one name; found speaker"),
  ("dialogue,speaker,label,emotion\nd,a,0,joy\n", "both a label and an emotion column"),
  ("dialogue,speaker\n", "the table lists no utterance"),
  ("dialogue,speaker\n,a\n", "line 2, column dialogue: the dialogue has no name"),
  ("dialogue,speaker\nd,\n", "line 2, column speaker: the speaker has no name"),
  ("dialogue,speaker,start\nd,a,noon\n", "line 2, column start: not a time; found noon"),
  ("dialogue,speaker,start\nd,a,inf\n", "not a time; found inf"),
  ("dialogue,speaker,start,end\nd,a,2,1\n", "ends before it starts; found 1.0; expected at least 2.0"),
  (
    "dialogue,speaker,utterance\nd,a,u\nd,b,u\n",
    "line 3, column utterance: the dialogue has two utterances of one name"
  ),
  ("dialogue,speaker,label\nd,a,3\n", "the labels are numbers and nothing names their classes"),
])
func wrongUtteranceTablesAreExplained(text: String, message: String) throws {
  let table = try DelimitedTable(ascii(text), location: "t.csv")
  let error = #expect(throws: FeatureImportError.self) { try UtteranceTable(table) }
  #expect(try #require(error).description.contains(message))
}

@Test func labelsAreNamesOrNumbersOfTheGivenClasses() throws {
  let emotions = EmotionSet(["joy", "anger"])
  let table = try DelimitedTable(ascii("dialogue,speaker,label\nd,a,anger\nd,b,0\nd,c,-1\nd,d,\n"), location: "t.csv")
  #expect(try UtteranceTable(table, emotions: emotions).utterances.map(\.label) == [1, 0, nil, nil])
  for (field, expected) in [("angr", "expected anger"), ("2", "expected joy, anger")] {
    let wrong = try DelimitedTable(ascii("dialogue,speaker,label\nd,a,\(field)\n"), location: "t.csv")
    let error = #expect(throws: FeatureImportError.self) { try UtteranceTable(wrong, emotions: emotions) }
    #expect(try #require(error).description.contains("unknown class; found \(field); \(expected)"))
  }
}

@Test func furtherColumnsCanBeIgnored() throws {
  let table = try DelimitedTable(ascii("dialogue,speaker,Sentence\nd,a,hello\n"), location: "t.csv")
  #expect(try UtteranceTable(table, ignoring: ["sentence"]).utterances.count == 1)
}

@Test(arguments: [
  ([1, 2, 3] as [Float], [3, 1], "another number of rows than the table; found 3; expected 2"),
  ([1, 2], [2], "not one vector per utterance; found shape 2; expected utterances × width"),
  ([1, .nan, 3, 4], [2, 2], "row 0, column 1: the features hold a number that is not finite; found nan"),
  ([1, 2, .infinity, .nan], [2, 2], "row 1, column 0: the features hold a number that is not finite; found inf"),
])
func featuresThatDoNotFitAreExplained(values: [Float], shape: [Int], message: String) throws {
  let folder = try TemporaryFolder()
  let table = try folder.write(ascii("dialogue,speaker\nd,a\nd,b\n"), to: "t.csv")
  let features = try folder.write(NumpyFile.bytes(of: values, shape: shape), to: "text.npy")
  let error = #expect(throws: FeatureImportError.self) {
    try PackImport(table: table, features: [.text: features]).read()
  }
  #expect(try #require(error).description.contains(message))
}

@Test func missingFilesAndFeaturesAreNamed() throws {
  let folder = try TemporaryFolder()
  let table = try folder.write(ascii("dialogue,speaker\nd,a\n"), to: "t.csv")
  let absent = folder.url.appendingPathComponent("absent.npy")
  let error = #expect(throws: StorageError.self) {
    try PackImport(table: table, features: [.text: absent]).read()
  }
  let explanation = try #require(error).explanation
  #expect(explanation.kind == .missingInput)
  #expect(explanation.message.contains("absent.npy"))
  let none = #expect(throws: FeatureImportError.self) { try PackImport(table: table, features: [:]).read() }
  #expect(try #require(none).description.contains("no features are given"))
  #expect(throws: StorageError.self) { try DelimitedTable(folder.url) }
}

// MARK: What tables of other programs hold

private func utterances(_ text: String, emotions: [String]? = nil) throws -> UtteranceTable {
  try UtteranceTable(
    DelimitedTable([UInt8](text.utf8), location: "t.csv"), emotions: emotions.map { EmotionSet($0) })
}

private func refusal(_ text: String) throws -> String {
  let error = #expect(throws: FeatureImportError.self) { try utterances(text) }
  return try #require(error).description
}

@Test(arguments: [
  ",dialogue,speaker\n0,d,Ada\n1,d,Ben\n", "\"\",\"dialogue\",\"speaker\"\n\"1\",\"d\",\"Ada\"\n\"2\",\"d\",\"Ben\"\n",
])
func rowNumbersWithoutANameAreLeftOutAndSaid(text: String) throws {
  let table = try utterances(text)
  #expect(table.utterances.map(\.speaker) == ["Ada", "Ben"])
  #expect(table.notes == ["The first column, which has no name and numbers the rows, was left out."])
}

@Test func anotherColumnWithoutANameIsTold() throws {
  #expect(
    try refusal("dialogue,,speaker\nd,x,Ada\n")
      == "t.csv: line 1, column 2: a column has no name; found \"x\" below it. Name the column, or leave it out with --ignore ''."
  )
}

@Test(arguments: ["NA", "nan", "NaN", "None", "N/A", "<NA>", "null", "-1", "-1.0"])
func whatRAndPythonWriteForNothingIsNoLabel(written: String) throws {
  let table = try utterances("dialogue,speaker,emotion\nd,Ada,joy\nd,Ben,\(written)\nd,Ada,anger\n")
  #expect(table.emotions?.names == ["anger", "joy"])
  #expect(table.utterances.map(\.label) == [1, nil, 0])
  #expect(table.notes == ["Labels taken as unknown: \(written) 1."])
}

@Test func aClassThatIsNamedLikeNothingIsAClass() throws {
  let table = try utterances("dialogue,speaker,emotion\nd,Ada,None\nd,Ben,joy\n", emotions: ["None", "joy"])
  #expect(table.utterances.map(\.label) == [0, 1] && table.notes.isEmpty)
}

@Test func wholeNumbersWrittenAsFractionsAreClassNumbers() throws {
  let text = "dialogue,speaker,label\nd,Ada,0.0\nd,Ben,1.0\nd,Ada,\n"
  #expect(try refusal(text).contains("the labels are numbers and nothing names their classes; found 0.0"))
  #expect(try utterances(text, emotions: ["calm", "joy"]).utterances.map(\.label) == [0, 1, nil])
  #expect(throws: FeatureImportError.self) {
    try utterances(text.replacing("1.0", with: "0.5"), emotions: ["calm", "joy"])
  }
}

@Test func classesThatDifferInNothingButCaseAreRefusedUnlessNamed() throws {
  let text = "dialogue,speaker,emotion\nd,Ada,Joy\nd,Ben,joy\nd,Ada,anger\n"
  #expect(
    try refusal(text).contains(
      "line 3, column emotion: two classes differ in nothing but case; found joy, and Joy in line 2. Write them alike"))
  #expect(try utterances(text, emotions: ["anger", "joy"]).utterances.map(\.label) == [1, 1, 0])
}

@Test func blanksAroundNamesAndWaysToComposeThemMakeNoOtherSpeaker() throws {
  let table = try utterances("dialogue,speaker\nd,Ada\n d ,Ada \nd,J\u{F6}rg\nd,Jo\u{308}rg\n")
  #expect(table.dialogues.count == 1)
  #expect(Set(table.utterances.map { Array($0.speaker.unicodeScalars) }).count == 2)
}

@Test func aShuffledDialogueIsPutIntoTheOrderOfTime() throws {
  let table = try utterances("dialogue,speaker,start\nd,Cem,9\ne,Ada,1\nd,Ada,0.5\nd,Ben,3\ne,Ben,2\n")
  #expect(table.utterances.map(\.speaker) == ["Ada", "Ben", "Cem", "Ada", "Ben"])
  #expect(table.utterances.map(\.id) == ["d#0", "d#1", "d#2", "e#0", "e#1"])
  #expect(table.order == [2, 3, 0, 1, 4])
  #expect(table.notes == ["1 of 2 dialogues (d) were put into the order of their start times."])
  // Where one does not say when it starts, the order of the table is all there is.
  #expect(try utterances("dialogue,speaker,start\nd,Cem,9\nd,Ada,\n").utterances.map(\.speaker) == ["Cem", "Ada"])
}
