import Presentation
import ResultIndex

/// Utterances as CSV or TSV: a header, then one record each.
struct UtteranceDelimitedPrinter: UtterancePrinter {
  static let detail = IndexedUtterance.Detail.probabilities

  private let console: ResultConsole
  private let emotions: [String]
  private var text: DelimitedText
  private var bundle: IndexedBundle?
  /// The fields that all rows of `bundle` have in common.
  private var origin: [UInt8] = []
  /// For each probability column the class of the bundle's model; nil where the model has no such class.
  private var classes: [Int?] = []

  /// - Parameter emotions: the probability columns: the classes of all models that rows may come from.
  init(_ console: ResultConsole, _ flavour: DelimitedText.Flavour, emotions: [String]) {
    self.console = console
    self.emotions = emotions
    text = DelimitedText(flavour)
    text.record(Self.columns + emotions.map { "p:\($0)" })
  }

  /// The label files' columns first, in their order.
  static let columns = [
    "dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence", "text_share", "visual_share",
    "audio_share", "margin", "stability", "certain", "set", "turn", "truth", "bundle", "bundle_digest", "model",
    "model_digest", "scored",
    "text",
  ]

  mutating func print(_ row: IndexedUtterance) throws {
    if row.bundle !== bundle { enter(row.bundle) }
    text.field(row.dialogue)
    text.field(row.utterance)
    text.field(row.speaker)
    text.field(row.start)
    text.field(row.end)
    text.field(row.emotion)
    text.field(row.labelConfidence)
    text.field(row.textShare)
    text.field(row.visualShare)
    text.field(row.audioShare)
    text.field(row.margin)
    text.field(row.stability)
    text.field(row.isUncertain.map { $0 ? "no" : "yes" })
    text.field(row.labelSetNames?.joined(separator: ","))
    text.field(row.turn)
    text.field(row.truth)
    text.fields(origin)
    text.field(row.text)
    for index in classes {
      if let index, index < row.probabilities.count {
        text.field(Double(row.probabilities[index]))
      } else {
        text.field(nil as String?)
      }
    }
    text.endRecord()
    try console.drain(&text.bytes)
  }

  mutating func finish() throws {
    try console.drain(&text.bytes)
  }

  private mutating func enter(_ next: IndexedBundle) {
    bundle = next
    var common = DelimitedText(text.flavour)
    for value in [next.name, next.digest, next.modelName, next.modelDigest, TimeText.iso(next.scored)] {
      common.field(value)
    }
    origin = common.bytes
    classes = emotions.map { next.emotions.index(of: $0) }
  }
}
