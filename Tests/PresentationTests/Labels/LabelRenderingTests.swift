import DialogueDomain
import Foundation
import Testing

@testable import Presentation

struct LabelRenderingTests {
  private let emotions = EmotionSet(["joy", "anger"])

  private var full: ScoredUtterance {
    ScoredUtterance(
      dialogue: "d1", utterance: "d1#0", turn: 0, speaker: "Mónica", start: 0, end: 2.5, emotion: "anger",
      confidence: 0.75, probabilities: [0.25, 0.75], branchLogits: [:],
      shares: [.text: 0.5, .visual: 0.125, .audio: 0.375], margin: 0.1, stability: 1, isUncertain: true,
      labelSet: [0, 1])
  }

  private var sparse: ScoredUtterance {
    ScoredUtterance(
      dialogue: "d\t2", utterance: "a\nb\\c\r", turn: 1, speaker: "", emotion: ScoredUtterance.unknownEmotion,
      confidence: 0, probabilities: [], branchLogits: [:], shares: [.text: .nan])
  }

  @Test func theTableHasTheAgreedHeader() {
    #expect(
      LabelTable.header(emotions)
        == "dialogue\tutterance\tspeaker\tstart\tend\temotion\tconfidence\ttext_share\tvisual_share\taudio_share"
        + "\tmargin\tstability\tcertain\tset\tp:joy\tp:anger")
  }

  @Test func aRowHoldsEveryValueWithSixDecimals() {
    #expect(
      LabelTable.row(full, emotions)
        == "d1\td1#0\tMónica\t0.000000\t2.500000\tanger\t0.750000\t0.500000\t0.125000\t0.375000\t0.100000\t1.000000\tno\tjoy,anger"
        + "\t0.250000\t0.750000")
  }

  @Test func absentValuesAreEmptyAndControlCharactersEscaped() {
    #expect(
      LabelTable.row(sparse, emotions) == "d\\t2\ta\\nb\\\\c\\r\t\t\t\tunknown\t0.000000\t\t\t\t\t\t\t\t\t")
  }

  @Test func everyRowHasAsManyFieldsAsTheHeader() {
    let scored = ScoredBundle(
      name: "x.h5", digest: "", modelName: "m", modelDigest: "", emotions: emotions, utterances: [full, sparse])
    let lines = LabelTable.render(scored).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines.last == "")
    #expect(Set(lines.dropLast().map { $0.count { $0 == "\t" } }) == [15])
  }

  @Test func anObjectIsValidJSONWithEveryKey() throws {
    for utterance in [full, sparse] {
      let line = LabelObject.render(utterance, emotions)
      #expect(!line.contains("\n"))
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(
        object.keys.sorted() == [
          "audio_share", "certain", "confidence", "dialogue", "emotion", "end", "margin", "probabilities", "set",
          "speaker", "stability",
          "start", "text_share", "turn", "utterance", "visual_share",
        ])
      #expect(object["utterance"] as? String == utterance.utterance)
    }
    #expect(
      LabelObject.render(full, emotions).hasSuffix("\"probabilities\": {\"joy\": 0.250000, \"anger\": 0.750000}}"))
    #expect(LabelObject.render(sparse, emotions).contains("\"text_share\": null"))
  }

  @Test(arguments: [
    (0.0, "0.000000"), (-0.0, "0.000000"), (1e-7, "0.000000"), (-0.00000051, "-0.000001"), (0.1, "0.100000"),
    (1.0 / 3, "0.333333"), (123456.789, "123456.789000"), (-2.5, "-2.500000"), (1_700_000_000.25, "1700000000.250000"),
    (1e300, "1e+300"),
  ])
  func numbersAreFixed(value: Double, text: String) {
    #expect(LabelNumber.text(value) == text)
  }

  @Test func whatIsNoNumberIsAbsent() {
    #expect(LabelNumber.text(.nan) == nil)
    #expect(LabelNumber.text(.infinity) == nil)
    #expect(LabelNumber.text(nil) == nil)
  }
}
