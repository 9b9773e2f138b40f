import DialogueDomain
import Foundation
import Testing

@testable import FeatureImport

@Test func iemocapPicklesOfPython2BecomeBundles() throws {
  let pickle = try FeaturePickleImport(Fixture.url("iemocap_multimodal.pkl"))
  #expect(pickle.layout == .iemocapMultimodal)
  #expect(pickle.train.dataset == "IEMOCAP")
  #expect(pickle.train.emotions?.names == ["happy", "sad", "neutral", "angry", "excited", "frustrated"])
  #expect(
    pickle.train.dialogues == [
      Dialogue(id: "Ses01F_impro01", rows: 0..<3), Dialogue(id: "Ses01M_script02", rows: 3..<4),
    ])
  #expect(pickle.test.dialogues == [Dialogue(id: "Ses05F_impro03", rows: 0..<2)])
  #expect(pickle.train.utterances.map(\.speaker) == ["M", "F", "M", "M"])
  #expect(pickle.train.utterances.map(\.label) == [0, 1, 2, 1])
  #expect(pickle.test.utterances.map(\.id) == ["Ses05F_impro03_000", "Ses05F_impro03_001"])
  #expect(pickle.test.utterances.map(\.label) == [2, 3])
  // Dialogue 2, utterance 1: offset + 2 + 0.1 + column / 100.
  let text = try #require(pickle.test.features[.text])
  #expect(text.width == 4)
  #expect(text.values.suffix(4) == [2.1, 2.11, 2.12, 2.13])
  #expect(pickle.test.features[.audio]?.values.suffix(3) == [12.1, 12.11, 12.12])
  #expect(pickle.test.features[.visual]?.values.suffix(2) == [22.1, 22.11])
  #expect(text.missing == [false, false])
  #expect(pickle.train.extractors[.audio] == "iemocap_multimodal_features/audio/3")
  #expect(
    pickle.findings == [
      "12 elements, laid out as iemocap_multimodal_features (IEMOCAP).", "Features: text 4, visual 2, audio 3.",
      "Training: 2 dialogues, 4 utterances.", "Testing: 1 dialogues, 2 utterances.",
    ])
}

@Test func theOlderIemocapLayoutIsToldApart() throws {
  let pickle = try FeaturePickleImport(Fixture.url("iemocap_old.pkl"))
  #expect(pickle.layout == .iemocap)
  // Its splits are sets, in the order of the file.
  #expect(pickle.train.dialogues.map(\.id) == ["Ses01F_impro01", "Ses01M_script02"])
  #expect(pickle.train.features[.text]?.values.prefix(4) == [0, 0.01, 0.02, 0.03])
  #expect(pickle.train.features[.visual]?.width == 2)
}

@Test(arguments: [("meld_multimodal.pkl", FeaturePickleLayout.meldMultimodal), ("meld_raw.pkl", .meldRaw)])
func meldPicklesBecomeBundles(name: String, layout: FeaturePickleLayout) throws {
  let pickle = try FeaturePickleImport(Fixture.url(name))
  #expect(pickle.layout == layout)
  #expect(pickle.train.emotions?.names.first == "neutral")
  #expect(pickle.train.dialogues == [Dialogue(id: "0", rows: 0..<2), Dialogue(id: "1", rows: 2..<3)])
  #expect(pickle.test.dialogues.map(\.id) == ["1039"])
  #expect(pickle.test.utterances.map(\.speaker) == ["2", "3", "4"])
  #expect(pickle.test.utterances.map(\.id) == ["0", "1", "2"])
  #expect(pickle.test.utterances.map(\.label) == [2, 3, 4])
  #expect(pickle.test.features[.text]?.values.suffix(4) == [2.2, 2.21, 2.22, 2.23])
  // One visual row holds a NaN beside numbers: the utterance lacks the modality, and the user is told.
  #expect(pickle.train.features[.visual]?.missing == [false, true, false])
  #expect(pickle.train.features[.visual]?.values == [20, 20.01, 0, 0, 21, 21.01])
  #expect(pickle.findings.last == "1 visual rows hold NaN or infinity and count as missing.")
}

@Test func otherPicklesAreRefusedWithWhatWasFound() throws {
  #expect(try importRefusal(ascii("](I1\nI2\ne.")).contains("found 2 elements: 1 the integer 1; 2 the integer 2"))
  #expect(try importRefusal(ascii("I1\n.")).contains("not a known feature file; found the integer 1"))
  let plain = try importRefusal(Fixture.bytes("values.p2.pkl"))
  #expect(plain.contains("found a dictionary of 13; expected iemocap_multimodal_features, meld_multimodal_features"))
}

@Test(arguments: [
  // labels, text vectors, speakers, training dialogues, what is said
  ("I1\n", "(F1.0\nF2.0\nl", "S'M'\n", "S'a'\n", ""),
  ("I6\n", "(F1.0\nF2.0\nl", "S'M'\n", "S'a'\n", "element 3, labels, dialogue a: the labels are not class numbers"),
  ("I1\n", "(S'x'\nl", "S'M'\n", "S'a'\n", "element 4, text features, dialogue a: the features cannot be read"),
  ("I1\nI2\n", "(F1.0\nl", "S'M'\nS'F'\n", "S'a'\n", "has another number of rows than labels; found 1; expected 2"),
  (
    "I1\nI2\n", "(F1.0\nl(F1.0\nl", "S'M'\n", "S'a'\n",
    "element 2, speakers, dialogue a: the dialogue has another number"
  ),
  ("I1\n", "(F1.0\nl", "S'M'\n", "S'x'\n", "element 3, labels: the element lacks a dialogue; expected the text \"x\""),
  ("I1\n", "(F1.0\nl", "S'M'\n", "", "element 8, the dialogues to train on: the element does not list dialogues"),
  ("I1\n", "(F1.0\nl", "S'M'\n", "S'b'\n", "listed both for training and for testing; found the text \"b\""),
  ("I1\nI2\n", "(F1.0\nl(F1.0\nF2.0\nl", "S'M'\nS'F'\n", "S'a'\n", "the features cannot be read"),
])
func featurePicklesWithFaultsAreExplained(labels: String, text: String, speakers: String, train: String, says: String)
  throws
{
  func dictionary(_ content: String) -> String { "(S'a'\n(\(content)lS'b'\n(\(content)ld" }
  let vectors = "(S'a'\n(\(text)lS'b'\n(\(text)ld"
  let good = dictionary("(F1.0\nl" + (labels.count > 3 ? "(F1.0\nl" : ""))
  let bytes = ascii(
    "(\(dictionary(labels))\(dictionary(speakers))\(dictionary(labels))\(vectors)\(good)\(good)N(\(train)l(S'b'\nlt.")
  if says.isEmpty {
    #expect(try FeaturePickleImport(bytes, location: "made.pkl").train.utterances.count == 1)
  } else {
    #expect(try importRefusal(bytes).contains(says))
  }
}

private func importRefusal(_ bytes: [UInt8]) throws -> String {
  let error = #expect(throws: FeatureImportError.self) { try FeaturePickleImport(bytes, location: "made.pkl") }
  return try #require(error).description
}
