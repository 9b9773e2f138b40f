import Foundation
import Testing
import Transcripts

/// The tiers of annotation files, and tables, as they are.
struct AnnotationTiersTests {
  @Test func everyTierOfATextGridIsThereWithItsSilence() throws {
    let text = """
      "ooTextFile" "TextGrid" 0 2 <exists> 2
      "IntervalTier" "Anna" 0 2 2  0 1.5 "Tea?"  1.5 2 ""
      "IntervalTier" "Anna - emotion" 0 2 1  0 2 "joy"
      """
    let file = try AnnotationTiers(Data(text.utf8), name: "a.TextGrid")
    #expect(file.tiers.map(\.name) == ["Anna", "Anna - emotion"])
    #expect(file.tiers[0].entries.map(\.text) == ["Tea?", ""] && file.tiers[0].entries[0].end == 1.5)
  }

  @Test func aDependentAnnotationOfELANHasItsParentsTimes() throws {
    let text = """
      <ANNOTATION_DOCUMENT><HEADER><PROPERTY NAME="p">v</PROPERTY></HEADER>
      <TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="250"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="900"/></TIME_ORDER>
      <TIER TIER_ID="Anna"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
      <ANNOTATION_VALUE>Tea?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
      <TIER TIER_ID="Anna - emotion" PARENT_REF="Anna"><ANNOTATION>
      <REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1"><ANNOTATION_VALUE>joy</ANNOTATION_VALUE></REF_ANNOTATION>
      </ANNOTATION></TIER></ANNOTATION_DOCUMENT>
      """
    let file = try AnnotationTiers(Data(text.utf8), name: "a.eaf")
    let entry = try #require(file.tiers.last?.entries.first)
    #expect(entry.text == "joy" && entry.start == 0.25 && entry.end == 0.9 && file.properties == ["p": "v"])
  }

  @Test func whatIsNeitherIsRefused() {
    for text in ["", "hello", "<a/>", "\"ooTextFile\" \"Sound\""] {
      #expect(throws: TranscriptError.self) { try AnnotationTiers(Data(text.utf8), name: "a.eaf") }
    }
  }

  @Test func aTableIsPartedByWhatPartsTheColumnAskedFor() throws {
    for separator in [",", ";", "\t"] {
      let text = ["dialogue", "emotion"].joined(separator: separator) + "\ntea\(separator)\"a,;\tb\"\n"
      let table = try #require(try TextTable(Data(text.utf8), name: "a.csv", withColumn: "dialogue"))
      #expect(table.columns == ["dialogue", "emotion"] && table.records.map(\.fields) == [["tea", "a,;\tb"]])
    }
    #expect(try TextTable(Data("a,b\n".utf8), name: "a.csv", withColumn: "dialogue") == nil)
  }
}
