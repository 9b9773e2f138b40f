import CHDF5
import DialogueDomain
import Foundation
import Testing

@testable import DialogueBundles

/// Values that contradict each other: one clear error each, word for word.
struct ContentFaultTests {
  @Test func noFeatures() throws {
    try BundleFixture.expect(
      .noModality,
      "friday.h5: the bundle holds no features; found none of /text, /visual, /audio; expected at least one. "
        + "Add the features of a modality."
    ) {
      $0.columns["/text"] = nil
      $0.columns["/audio"] = nil
    }
  }

  @Test func noDialogues() throws {
    try BundleFixture.expect(
      .noDialogues,
      "friday.h5: /dialogue/id: the bundle holds no dialogues; found 0 rows; expected at least one. "
        + "Leave empty bundles out."
    ) {
      $0.columns["/dialogue/id"] = .fixed([])
      $0.columns["/dialogue/offset"] = .integers([0], [1])
    }
  }

  @Test func dialogueWithoutUtterances() throws {
    try BundleFixture.expect(
      .emptyDialogue,
      "friday.h5: /dialogue/offset row 1: dialogue \"monday\" has no utterances; found the same value as in row 0; "
        + "expected a larger value. Leave dialogues without utterances out."
    ) { $0.columns["/dialogue/offset"] = .integers([0, 0, 5], [3]) }
  }

  @Test func offsetsThatDoNotStartAtZero() throws {
    try BundleFixture.expect(
      .offsetsNotFromZero,
      "friday.h5: /dialogue/offset row 0: the dialogues do not start at the first utterance; found 1; expected 0. "
        + "The offsets are 0, then the running sum of the dialogues' lengths."
    ) { $0.columns["/dialogue/offset"] = .integers([1, 3, 5], [3]) }
  }

  @Test func offsetsThatFall() throws {
    try BundleFixture.expect(
      .offsetsNotMonotone,
      "friday.h5: /dialogue/offset row 2: the offsets do not rise; found 2 after 3; expected more than 3. "
        + "The offsets are 0, then the running sum of the dialogues' lengths."
    ) { $0.columns["/dialogue/offset"] = .integers([0, 3, 2], [3]) }
  }

  @Test func offsetsThatEndEarly() throws {
    try BundleFixture.expect(
      .offsetsNotCovering,
      "friday.h5: /dialogue/offset row 2: the dialogues do not cover the utterances; found 4; "
        + "expected 5, the number of utterances in /speaker. The last offset is the number of utterances."
    ) { $0.columns["/dialogue/offset"] = .integers([0, 3, 4], [3]) }
  }

  @Test func offsetsThatEndLate() throws {
    try BundleFixture.expect(
      .offsetsNotCovering,
      "friday.h5: /dialogue/offset row 1: the dialogues do not cover the utterances; found 9; "
        + "expected 5, the number of utterances in /speaker. The last offset is the number of utterances."
    ) { $0.columns["/dialogue/offset"] = .integers([0, 9, 12], [3]) }
  }

  @Test func aMatrixThatIsTransposedIsCalledThat() throws {
    try BundleFixture.expect(
      .lengthsDisagree,
      "friday.h5: /audio: the matrix is transposed; found 2 × 5; expected 5 rows, one an utterance of /speaker. "
        + "Write it transposed: MATLAB and Julia store the first dimension last."
    ) { $0.columns["/audio"] = .floats((0..<10).map(Float.init), [2, 5]) }
  }

  @Test func lengthsThatDisagree() throws {
    let remedy = "Write one row per utterance in every table."
    try BundleFixture.expect(
      .lengthsDisagree,
      "friday.h5: /audio: the lengths disagree; found 4 rows; expected 5, the number of utterances in /speaker. \(remedy)"
    ) { $0.columns["/audio"] = .floats([1, 2, 3, 4], [4, 1]) }
    try BundleFixture.expect(
      .lengthsDisagree,
      "friday.h5: /label: the lengths disagree; found 6 rows; expected 5, the number of utterances in /speaker. \(remedy)"
    ) { $0.columns["/label"] = .integers([0, 0, 0, 0, 0, 0], [6]) }
    try BundleFixture.expect(
      .lengthsDisagree,
      "friday.h5: /dialogue/offset: the lengths disagree; found 2 rows; expected 3, one more than /dialogue/id. \(remedy)"
    ) { $0.columns["/dialogue/offset"] = .integers([0, 5], [2]) }
    for path in ["/utterance/id", "/utterance/start", "/utterance/end"] {
      try BundleFixture.expect(
        .lengthsDisagree,
        "friday.h5: \(path): the lengths disagree; found 1 rows; expected 5, the number of utterances in /speaker. "
          + remedy
      ) {
        $0.columns["/utterance/start"] = .doubles([0, 1, 2, 3, 4])
        $0.columns["/utterance/end"] = .doubles([1, 2, 3, 4, 5])
        $0.columns[path] = path == "/utterance/id" ? .fixed(["u"]) : .doubles([0])
      }
    }
  }

  @Test(arguments: [
    (Float.nan, "NaN"), (Float.infinity, "Inf, or a value above what 32 bits hold"),
    (-Float.infinity, "-Inf, or a value below what 32 bits hold"),
  ])
  func featureThatIsNotFinite(_ value: Float, _ found: String) throws {
    try BundleFixture.expect(
      .notFinite,
      "friday.h5: /text row 3 column 1: a feature is not a finite number; found \(found); "
        + "expected a finite number, or NaN in the whole row where the utterance lacks this modality. "
        + "Mend the extractor's output, or fill the row with NaN."
    ) {
      var values = (1...15).map { Float($0) }
      values[10] = value
      $0.columns["/text"] = .floats(values, [5, 3])
    }
  }

  @Test func rowOfInfinitiesIsNotAMissingRow() throws {
    var fixture = BundleFixture()
    fixture.columns["/audio"] = .floats([1, 1, .infinity, .infinity, 1, 1, 1, 1, 1, 1], [5, 2])
    #expect(try fixture.error().explanation.location == "friday.h5: /audio row 1 column 0")
  }

  @Test func doubleBeyondSinglePrecision() throws {
    var fixture = BundleFixture()
    fixture.addition = { composer in
      try composer.write(
        [1, 2, 3, 4, 1e300], [5, 1], memory: hdf5_native_double(), stored: hdf5_little_float64(), at: "/visual")
    }
    let error = try fixture.error()
    #expect(error.fault == .notFinite)
    #expect(error.explanation.location == "friday.h5: /visual row 4 column 0")
    #expect(error.explanation.found == "Inf, or a value above what 32 bits hold")
  }

  @Test func dialogueNamedTwice() throws {
    try BundleFixture.expect(
      .duplicateDialogue,
      "friday.h5: /dialogue/id row 1: two dialogues have the same id; found \"monday\", as in row 0; "
        + "expected an id of its own for each dialogue. Rename one of them."
    ) { $0.columns["/dialogue/id"] = .variable(["monday", "monday"]) }
  }

  @Test func utteranceNamedTwiceInOneDialogue() throws {
    try BundleFixture.expect(
      .duplicateUtterance,
      "friday.h5: /utterance/id row 2: two utterances of dialogue \"monday\" have the same id; found \"a\", as in row 0; "
        + "expected ids that differ within a dialogue. Rename one of them."
    ) { $0.columns["/utterance/id"] = .fixed(["a", "b", "a", "a", "b"]) }
  }

  @Test func emptyName() throws {
    try BundleFixture.expect(
      .emptyName,
      "friday.h5: /speaker row 1: a name is empty; found \"\"; expected at least one character. "
        + "Name it, for example \"unknown\"."
    ) { $0.columns["/speaker"] = .variable(["Ada", "", "Ada", "Cem", "Dua"]) }
  }

  @Test func nameThatIsTooLong() throws {
    try BundleFixture.expect(
      .longName,
      "friday.h5: /dialogue/id row 1: a name is too long; found 1025 bytes; expected at most 1024 bytes. Shorten it."
    ) { $0.columns["/dialogue/id"] = .variable(["monday", String(repeating: "x", count: 1025)]) }
  }

  @Test(arguments: [("Ada\tB", "0009"), ("Ada\nB", "000A"), ("Ada\u{2028}B", "2028"), ("Ada\u{7F}", "007F")])
  func controlCharacterInAName(_ name: String, _ code: String) throws {
    try BundleFixture.expect(
      .controlCharacter,
      "friday.h5: /speaker row 0: a name holds a control character, which would break the label files; found U+\(code); "
        + "expected printable text. Remove tabs and line breaks from names."
    ) { $0.columns["/speaker"] = .fixed([name, "Ben", "Ada", "Cem", "Dua"]) }
  }

  @Test func nameThatIsNotUTF8() throws {
    try BundleFixture.expect(
      .invalidUTF8,
      "friday.h5: /dialogue/id row 1: a name is not valid UTF-8; expected UTF-8 text. Write names as UTF-8 strings."
    ) { $0.columns["/dialogue/id"] = .bytes([[0x61], [0x62, 0xFF]]) }
  }

  @Test func labelsWithoutEmotions() throws {
    try BundleFixture.expect(
      .labelsWithoutEmotions,
      "friday.h5: /label: there are labels, but nothing says which emotions they stand for; "
        + "found no attribute `emotions` of the root; expected the class names, in class order. "
        + "Set the string attribute `emotions`."
    ) { $0.emotions = nil }
  }

  @Test(arguments: [3, -2])
  func labelOutsideTheClasses(_ label: Int64) throws {
    try BundleFixture.expect(
      .labelOutsideClasses,
      "friday.h5: /label row 4: a label is outside the classes; found \(label); expected 0 to 2, or -1 where unknown. "
        + "Mend the label, or the attribute `emotions`."
    ) { $0.columns["/label"] = .integers([0, 1, 2, -1, label], [5]) }
  }

  @Test func emptyListOfEmotions() throws {
    try BundleFixture.expect(
      .noEmotions,
      "friday.h5: / attribute `emotions`: the list of emotions is empty; found 0 names; expected at least one. "
        + "Name the classes, or remove the attribute."
    ) { $0.emotions = [] }
  }

  @Test func emptyEmotion() throws {
    try BundleFixture.expect(
      .emptyName,
      "friday.h5: / attribute `emotions` element 1: a name is empty; found \"\"; expected at least one character. "
        + "Name it, for example \"unknown\"."
    ) { $0.emotions = ["neutral", "", "anger"] }
  }

  @Test func emotionNamedTwice() throws {
    try BundleFixture.expect(
      .duplicateEmotion,
      "friday.h5: / attribute `emotions`: two emotions have the same name; found \"joy\" as class 0 and class 2; "
        + "expected names that differ. Rename one of them."
    ) { $0.emotions = ["joy", "anger", "joy"] }
  }

  @Test func wrongTimes() throws {
    let remedy = "Mend the times, or write NaN in both where they are unknown."
    let starts: [Double] = [0, 1, 2, 3, 4]
    try BundleFixture.expect(
      .wrongTime,
      "friday.h5: /utterance/end row 2: a time is wrong; found 1.5; expected at least the start, 2.0. \(remedy)"
    ) {
      $0.columns["/utterance/start"] = .doubles(starts)
      $0.columns["/utterance/end"] = .doubles([1, 2, 1.5, 4, 5])
    }
    try BundleFixture.expect(
      .wrongTime,
      "friday.h5: /utterance/end row 1: a time is wrong; found nan; expected seconds, or NaN in both. \(remedy)"
    ) {
      $0.columns["/utterance/start"] = .doubles(starts)
      $0.columns["/utterance/end"] = .doubles([1, .nan, 3, 4, 5])
    }
    try BundleFixture.expect(
      .wrongTime,
      "friday.h5: /utterance/start row 0: a time is wrong; found -inf; expected seconds, or NaN in both. \(remedy)"
    ) {
      $0.columns["/utterance/start"] = .doubles([-.infinity, 1, 2, 3, 4])
      $0.columns["/utterance/end"] = .doubles([1, 2, 3, 4, 5])
    }
  }

  @Test func startsWithoutEnds() throws {
    try BundleFixture.expect(
      .missingDataset,
      "friday.h5: /utterance/end: /utterance/end is missing; found nothing; "
        + "expected the ends that belong to the starts. Add it; dialogue-bundle(5) describes it."
    ) { $0.columns["/utterance/start"] = .doubles([0, 1, 2, 3, 4]) }
  }
}
