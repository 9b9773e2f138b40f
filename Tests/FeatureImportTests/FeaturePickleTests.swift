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

@Test func layoutsWithoutVisualFeaturesAreRead() throws {
  let meld = try FeaturePickleImport(Fixture.url("meld_audio_text.pkl"))
  #expect(meld.layout == .meldAudioText && meld.train.dataset == "MELD")
  #expect(meld.train.features.mapValues(\.width) == [.text: 20, .audio: 8])
  #expect(meld.train.dialogues.count == 2 && meld.test.dialogues.count == 1)
  #expect(meld.train.utterances.prefix(4).map(\.label) == [0, 1, 2, 3])
  #expect(Set(meld.train.utterances.map(\.speaker)).isSubset(of: (0..<9).map(String.init)))
  let iemocap = try FeaturePickleImport(Fixture.url("iemocap_audio_text.pkl"))
  #expect(iemocap.layout == .iemocapAudioText && iemocap.train.dataset == "IEMOCAP")
  #expect(iemocap.train.features[.visual] == nil && iemocap.train.features[.audio]?.width == 8)
  #expect(iemocap.train.dialogues.map(\.id) == ["tr0", "tr1"] && iemocap.test.dialogues.map(\.id) == ["te0"])
  #expect(Set(iemocap.train.utterances.map(\.speaker)) == ["M", "F"])
}

@Test func classesThatAreNamedTakeThePlaceOfTheDataSets() throws {
  let sentiment = EmotionSet(["negative", "positive"])
  let bytes = ascii(
    "((S'a'\n(S'u'\nlS'b'\n(S'u'\nld(S'a'\n(S'host'\nlS'b'\n(S'guest'\nld(S'a'\n(I1\nlS'b'\n(I0\nld"
      + String(repeating: "(S'a'\n((F1.0\nllS'b'\n((F1.0\nlld", count: 3) + "N(S'a'\nl(S'b'\nlt.")
  let pickle = try FeaturePickleImport(bytes, location: "made.pkl", emotions: sentiment)
  #expect(pickle.train.emotions == sentiment && pickle.train.utterances.map(\.label) == [1])
  #expect(pickle.train.dataset == nil && pickle.train.utterances.map(\.speaker) == ["host"])
}

@Test func otherPicklesAreRefusedWithWhatWasFound() throws {
  #expect(try importRefusal(ascii("](I1\nI2\ne.")).contains("found 2 elements: 1 the integer 1; 2 the integer 2"))
  #expect(try importRefusal(ascii("I1\n.")).contains("not a known feature file; found the integer 1"))
  let plain = try importRefusal(Fixture.bytes("values.p2.pkl"))
  #expect(
    plain.contains(
      "found a dictionary of 13; expected iemocap_multimodal_features (12 elements, speakers M and F), meld_multimodal")
  )
}

@Test(arguments: [
  // labels, text vectors, speakers, training dialogues, what is said
  ("I5\n", "(F1.0\nF2.0\nl", "S'M'\n", "S'a'\n", ""),
  ("I5\nI-1\n", "(F1.0\nl(F1.0\nl", "S'M'\nS'F'\n", "S'a'\n", ""),
  (
    "I1\n", "(F1.0\nF2.0\nl", "S'M'\n", "S'a'\n",
    "element 3, labels: the labels are not those of IEMOCAP, though the file is laid out like it; found no label above 1"
  ),
  (
    "I5\n", "(F1.0\nF2.0\nl", "S'host'\n", "S'a'\n",
    "element 2, speakers: the speakers are not those of IEMOCAP, though the file is laid out like it; found host"
  ),
  ("I6\n", "(F1.0\nF2.0\nl", "S'M'\n", "S'a'\n", "element 3, labels, dialogue a: the labels are not class numbers"),
  ("I5\n", "(S'x'\nl", "S'M'\n", "S'a'\n", "element 4, text features, dialogue a: the features cannot be read"),
  ("I5\nI2\n", "(F1.0\nl", "S'M'\nS'F'\n", "S'a'\n", "has another number of rows than labels; found 1; expected 2"),
  (
    "I5\nI2\n", "(F1.0\nl(F1.0\nl", "S'M'\n", "S'a'\n",
    "element 2, speakers, dialogue a: the dialogue has another number"
  ),
  ("I5\n", "(F1.0\nl", "S'M'\n", "S'x'\n", "element 3, labels: the element lacks a dialogue; expected the text \"x\""),
  ("I5\n", "(F1.0\nl", "S'M'\n", "", "element 8, the dialogues to train on: the element does not list dialogues"),
  ("I5\n", "(F1.0\nl", "S'M'\n", "S'b'\n", "listed both for training and for testing; found the text \"b\""),
  ("I5\nI2\n", "(F1.0\nl(F1.0\nF2.0\nl", "S'M'\nS'F'\n", "S'a'\n", "the features cannot be read"),
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
    let train = try FeaturePickleImport(bytes, location: "made.pkl").train
    #expect(train.utterances.map(\.label) == (labels.count > 3 ? [5, nil] : [5]))
  } else {
    #expect(try importRefusal(bytes).contains(says))
  }
}

private func importRefusal(_ bytes: [UInt8]) throws -> String {
  let error = #expect(throws: FeatureImportError.self) { try FeaturePickleImport(bytes, location: "made.pkl") }
  return try #require(error).description
}
