import DialogueDomain
import Foundation
import Testing

@testable import DialogueBundles

/// The verdict on a sound bundle.
struct BundleSummaryTests {
  @Test func wholeVerdict() throws {
    var fixture = BundleFixture()
    fixture.columns["/audio"] = .floats([1, 1, .nan, .nan, 1, 1, 1, 1, 1, 1], [5, 2])
    fixture.columns["/utterance/start"] = .doubles([0, .nan, 2, 3, 4])
    fixture.columns["/utterance/end"] = .doubles([1, .nan, 3, 4, 5])
    let reading = BundleReading(bundle: try fixture.read(), digest: "abc", byteCount: 1234)
    #expect(
      BundleSummary(reading, name: "friday.h5").description == """
        friday.h5: sound
          format      dialogue-feature-bundle, version 1
          dataset     tests
          dialogues   2, of 2 to 3 utterances
          utterances  5
          text        3 columns, extractor counting/3
          visual      none
          audio       2 columns, 1 row missing
          speakers    4: Ada 2, Ben 1, Cem 1, Dua 1
          times       4 utterances
          labels      neutral 2, joy 1, anger 1, unknown 1
          size        1234 bytes
          sha256      abc
        """)
  }

  @Test func verdictOfABareBundle() throws {
    var fixture = BundleFixture()
    fixture.attributes = [:]
    fixture.emotions = nil
    fixture.columns["/label"] = nil
    fixture.columns["/dialogue/offset"] = .integers([0, 5], [2])
    fixture.columns["/dialogue/id"] = .fixed(["only"])
    fixture.columns["/text"] = nil
    let reading = BundleReading(bundle: try fixture.read(), digest: "abc", byteCount: 1234)
    #expect(
      BundleSummary(reading, name: "friday.h5").description == """
        friday.h5: sound
          format      dialogue-feature-bundle, version 1
          dialogues   1, of 5 utterances
          utterances  5
          text        none
          visual      none
          audio       2 columns
          speakers    4: Ada 2, Ben 1, Cem 1, Dua 1
          times       none
          labels      none
          size        1234 bytes
          sha256      abc
        """)
  }
}
