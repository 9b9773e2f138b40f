import DialogueDomain
import Presentation
import ResultIndex

/// A dialogue as an ELAN annotation file of format 3.0.
///
/// Each speaker has a tier of time-aligned words with the speaker as `PARTICIPANT`, and below it two tiers with one
/// annotation for each of its own: `Anna - emotion`, whose values are those of a controlled vocabulary of the model's
/// emotions, and `Anna - confidence` with the label's probability, or with the reason where there is no label.
enum ELANDocument {
  static func render(_ dialogue: ExportedDialogue) -> String {
    let tiers = SpeakerTier.tiers(of: dialogue)
    var slots = ""
    var body = ""
    var (slot, annotation) = (0, 0)
    let vocabulary = dialogue.vocabulary
    let entries = Dictionary(zip(vocabulary, 1...)) { first, _ in first }
    for tier in tiers {
      var words = ""
      var emotions = ""
      var certainties = ""
      for turn in tier.turns {
        guard let span = turn.span else { continue }
        slots += timeSlot(slot + 1, span.lowerBound) + timeSlot(slot + 2, span.upperBound)
        let parent = annotation + 1
        words += aligned(parent, from: slot + 1, to: slot + 2, turn.spoken)
        emotions += referring(annotation + 2, to: parent, turn.row.emotion, entry: entries[turn.row.emotion])
        certainties += referring(annotation + 3, to: parent, turn.certainty)
        slot += 2
        annotation += 3
      }
      body += tierElement(tier.title, tier.speaker, type: "utterance", parent: nil, words)
      body += tierElement(tier.emotionTitle, tier.speaker, type: "emotion", parent: tier.title, emotions)
      body += tierElement(tier.confidenceTitle, tier.speaker, type: "confidence", parent: tier.title, certainties)
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <ANNOTATION_DOCUMENT AUTHOR="ambq"\(XMLText.attribute("DATE", TimeText.iso(dialogue.bundle.scored))) FORMAT="3.0" \
      VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
      xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
          <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
              <PROPERTY NAME="lastUsedAnnotationId">\(annotation)</PROPERTY>
      \(properties(dialogue))    </HEADER>
          <TIME_ORDER>
      \(slots)    </TIME_ORDER>
      \(body)\(types)\(constraints)\(controlledVocabulary(vocabulary, dialogue.bundle))</ANNOTATION_DOCUMENT>

      """
  }

  private static func properties(_ dialogue: ExportedDialogue) -> String {
    let facts = [
      (ExportMark.dialogue, dialogue.name), ("ambq:bundle", dialogue.bundle.name),
      (ExportMark.digest, dialogue.bundle.digest), ("ambq:model", dialogue.bundle.modelName),
      (ExportMark.model, dialogue.bundle.modelDigest),
    ]
    return facts.map { name, value in
      "        <PROPERTY NAME=\"\(name)\">\(XMLText.escaped(value))</PROPERTY>\n"
    }.joined()
  }

  private static func timeSlot(_ number: Int, _ milliseconds: Int) -> String {
    "        <TIME_SLOT TIME_SLOT_ID=\"ts\(number)\" TIME_VALUE=\"\(milliseconds)\"/>\n"
  }

  private static func aligned(_ number: Int, from: Int, to: Int, _ value: String) -> String {
    """
            <ANNOTATION>
                <ALIGNABLE_ANNOTATION ANNOTATION_ID="a\(number)" TIME_SLOT_REF1="ts\(from)" TIME_SLOT_REF2="ts\(to)">
                    <ANNOTATION_VALUE>\(XMLText.escaped(value))</ANNOTATION_VALUE>
                </ALIGNABLE_ANNOTATION>
            </ANNOTATION>

    """
  }

  private static func referring(_ number: Int, to parent: Int, _ value: String, entry: Int? = nil) -> String {
    let entry = entry.map { " CVE_REF=\"cve\($0)\"" } ?? ""
    return """
              <ANNOTATION>
                  <REF_ANNOTATION ANNOTATION_ID="a\(number)" ANNOTATION_REF="a\(parent)"\(entry)>
                      <ANNOTATION_VALUE>\(XMLText.escaped(value))</ANNOTATION_VALUE>
                  </REF_ANNOTATION>
              </ANNOTATION>

      """
  }

  private static func tierElement(
    _ title: String, _ speaker: String, type: String, parent: String?, _ annotations: String
  ) -> String {
    let parent = parent.map { XMLText.attribute("PARENT_REF", $0) } ?? ""
    return "    <TIER LINGUISTIC_TYPE_REF=\"\(type)\"\(parent)\(XMLText.attribute("PARTICIPANT", speaker))"
      + "\(XMLText.attribute("TIER_ID", title))>\n\(annotations)    </TIER>\n"
  }

  private static let types = """
        <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="utterance" TIME_ALIGNABLE="true"/>
        <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" CONTROLLED_VOCABULARY_REF="emotions" \
    GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="emotion" TIME_ALIGNABLE="false"/>
        <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="confidence" \
    TIME_ALIGNABLE="false"/>
        <LANGUAGE LANG_DEF="http://cdb.iso.org/lg/CDB-00130975-001" LANG_ID="und" LANG_LABEL="undetermined (und)"/>

    """

  /// ELAN's own four, which it expects in every file.
  private static let constraints = [
    ("Time_Subdivision", "Divides the parent's time without gaps"),
    ("Symbolic_Subdivision", "Divides the parent into an ordered row of parts without times"),
    ("Symbolic_Association", "One annotation for one of the parent"),
    ("Included_In", "Lies within the parent's time, with gaps"),
  ].map { "    <CONSTRAINT DESCRIPTION=\"\($0.1)\" STEREOTYPE=\"\($0.0)\"/>\n" }.joined()

  private static func controlledVocabulary(_ names: [String], _ bundle: IndexedBundle) -> String {
    var text = "    <CONTROLLED_VOCABULARY CV_ID=\"emotions\">\n"
    text +=
      "        <DESCRIPTION LANG_REF=\"und\">\(XMLText.escaped("Emotions of \(bundle.modelName)"))</DESCRIPTION>\n"
    for (number, name) in zip(1..., names) {
      let meaning = bundle.emotions.names.contains(name) ? "" : "no label"
      text += "        <CV_ENTRY_ML CVE_ID=\"cve\(number)\">\n"
      text +=
        "            <CVE_VALUE DESCRIPTION=\"\(meaning)\" LANG_REF=\"und\">\(XMLText.escaped(name))</CVE_VALUE>\n"
      text += "        </CV_ENTRY_ML>\n"
    }
    return text + "    </CONTROLLED_VOCABULARY>\n"
  }
}
