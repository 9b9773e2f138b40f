import Testing

@testable import Transcripts

struct ELANTests {
  @Test func aTierPerSpeakerInTheOrderOfStarts() throws {
    let transcript = try Sample.read("village.eaf")
    #expect(transcript.format == .elan)
    #expect(
      transcript.lines == [
        "0.25-1.9 Inge Brandt: The well & the oak were ours.", "1.5-? Karl: Nobody's, they were.",
        "4.2-5.0 Inge Brandt: Still are.",
      ])
    #expect(transcript.utterances[0].place == SourcePlace(line: 13, id: "a1", tier: "IB"))
    #expect(transcript.speakerTable.map(\.name) == ["Inge Brandt", "Karl"])
  }

  @Test func timeSlotsWithoutAValueHaveNoTime() throws {
    let transcript = try Sample.read("village.eaf")
    #expect(transcript.utterances[1].end == nil)
    #expect(transcript.warns("A row lacks its start or its end (line 17)"))
  }

  @Test func dependentTiersAndRemarksAreLeftOut() throws {
    #expect(
      try Sample.read("village.eaf").leftOut == [
        "annotation of a dependent tier": 1, "annotation of tier comments, which is no speech": 1,
      ])
  }

  private func document(_ tiers: String) -> String {
    """
    <?xml version="1.0"?><ANNOTATION_DOCUMENT><TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="t2" TIME_VALUE="2000"/>
    </TIME_ORDER>\(tiers)</ANNOTATION_DOCUMENT>
    """
  }

  private func annotation(_ id: String, _ text: String, slots: (String, String) = ("t1", "t2")) -> String {
    "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID='\(id)' TIME_SLOT_REF1='\(slots.0)' TIME_SLOT_REF2='\(slots.1)'>"
      + "<ANNOTATION_VALUE>\(text)</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
  }

  @Test func anUnnamedTierIsNobody() throws {
    let transcript = try read(document("<TIER TIER_ID='default'>\(annotation("a1", "Yes."))</TIER>"), "x.eaf")
    #expect(transcript.lines == ["1.0-2.0 ?: Yes."])
  }

  @Test func wordsUnderNumberedParentsAreFound() throws {
    let child =
      "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID='a2' ANNOTATION_REF='a1'>"
      + "<ANNOTATION_VALUE>We go now</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
    let transcript = try read(
      document(
        "<TIER TIER_ID='ref@Ama'>\(annotation("a1", "story.001"))</TIER>"
          + "<TIER TIER_ID='tx@Ama' PARENT_REF='ref@Ama'>\(child)</TIER>"), "x.eaf")
    #expect(transcript.lines == ["1.0-2.0 Ama: We go now"])
  }

  @Test func oddAnnotationsKeepTheirRows() throws {
    let transcript = try read(
      document(
        "<TIER TIER_ID='Ama'>\(annotation("a1", "", slots: ("t1", "t9")))\(annotation("a2", "<![CDATA[a < b]]> &#233;"))</TIER>"
      ), "x.eaf")
    #expect(transcript.lines == ["1.0-? Ama: ", "1.0-2.0 Ama: a < b é"])
    #expect(transcript.warns("An annotation names a time slot that does not exist"))
  }

  @Test(arguments: [
    "<!DOCTYPE a [<!ENTITY b \"c\">]><ANNOTATION_DOCUMENT/>",
    "<?xml version='1.0'?><!doctype html><html></html>",
    "<?xml version='1.0'?><!-- <!ENTITY x SYSTEM 'file:///etc/passwd'> --><ANNOTATION_DOCUMENT/>",
  ])
  func documentTypesAreRefused(_ text: String) {
    #expect(throws: TranscriptError.documentType("x.eaf", line: 1)) { try read(text, "x.eaf") }
  }

  @Test func undefinedEntitiesAreRefused() {
    #expect(throws: TranscriptError.self) { try read(document("<TIER TIER_ID='&boom;'/>"), "x.eaf") }
  }

  @Test(arguments: [
    "<?xml version='1.0'?><ANNOTATION_DOCUMENT>", "<?xml version='1.0'?><a></b>", "<?xml version='1.0'?><a b=c/>",
    "<?xml version='1.0'?><a b='c", "<?xml version='1.0'?>", "<?xml version='1.0'", "<?xml version='1.0'?><a b/>",
    "<?xml version='1.0'?><>", "<?xml version='1.0'?><!-- never closed",
  ])
  func damageIsAnError(_ text: String) {
    #expect(throws: TranscriptError.self) { try read(text, "x.eaf") }
  }

  @Test func damageIsToldWithItsLine() {
    let error = #expect(throws: TranscriptError.self) {
      try read("<?xml version='1.0'?>\n<ANNOTATION_DOCUMENT>\n<TIER>\n</ANNOTATION_DOCUMENT>", "x.eaf")
    }
    #expect(error?.explanation.location == "x.eaf: line 4")
  }

  @Test func otherXMLIsNamed() {
    #expect(throws: TranscriptError.unknownXML("x.xml", root: "tt", line: 2)) {
      try read("<?xml version='1.0'?>\n<tt><body/></tt>", "x.xml")
    }
  }

  @Test func deepNestingIsRefused() {
    let text = "<?xml version='1.0'?>" + String(repeating: "<a>", count: 100_000)
    #expect(throws: TranscriptError.tooDeep("x.eaf", line: 1, limit: 64)) { try read(text, "x.eaf") }
  }
}
