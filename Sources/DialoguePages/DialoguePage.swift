import DialogueDomain
import Foundation
import Presentation
import ResultIndex

/// One dialogue as a page of its own: speaker lanes, then every utterance with what its label rests on.
///
/// One file, nothing from elsewhere. Its script only marks whom an utterance listened to, which the list says as well.
public struct DialoguePage: Sendable {
  /// Where the attention comes from.
  public enum Attention: Sendable {
    /// The model, run once more.
    case told(DialogueExplanation)
    /// Nowhere, and why: a sentence.
    case missing(String)

    /// None on a page that is made of the index alone, and which command tells it.
    public static func notInIndex(dialogue: String, bundleDigest: String) -> Attention {
      let bundle = ShellText.quoted(String(bundleDigest.prefix(8)))
      return .missing(
        "This page is made of the index alone: 'ambq show \(ShellText.quoted(dialogue)) --bundle \(bundle) --html' "
          + "also tells whom each utterance listened to.")
    }
  }

  /// The policy of such a page: its own script, and nothing from anywhere.
  public static var policy: String { PageScript.policy }

  /// Utterances that a page shows at most.
  public static let most = 2000

  private let turns: [IndexedUtterance]
  private let all: Int
  private let attention: Attention
  private let mostCharacters: Int?
  private let parent: (file: String, words: String)?
  private let matching: EmotionMatching

  /// - Parameters:
  ///   - turns: the utterances of one dialogue of one scoring, in their order.
  ///   - shown: the turns to show; the page says where it leaves others out.
  ///   - attention: whom each utterance listened to, or why that is not known.
  ///   - mostCharacters: of an utterance's words; nil for all.
  ///   - parent: the page that leads here, beside this one.
  ///   - matching: which class a true emotion's name means.
  public init(
    _ turns: [IndexedUtterance], shown: Range<Int>? = nil, attention: Attention, mostCharacters: Int? = nil,
    parent: (file: String, words: String)? = nil, matching: EmotionMatching = EmotionMatching()
  ) {
    let shown = (shown ?? 0..<min(turns.count, Self.most)).clamped(to: turns.indices)
    self.turns = Array(turns[shown])
    all = turns.count
    (self.attention, self.mostCharacters) = (attention, mostCharacters)
    (self.parent, self.matching) = (parent, matching)
  }

  /// So many utterances around those of a stretch, as far as there are so many.
  ///
  /// - Parameters:
  ///   - stretch: turns that must be among them.
  ///   - count: of all utterances.
  public static func window(around stretch: ClosedRange<Int>, of count: Int, most: Int) -> Range<Int> {
    let first = max(0, min(stretch.lowerBound - max(0, most - stretch.count) / 2, count - most))
    return first..<min(count, first + most)
  }

  /// The page.
  public var html: String {
    let title = turns.first?.dialogue ?? ""
    let body = """
      <header>
      \(parent.map { "<p class=\"back\"><a href=\"\(MarkupText.escaped($0.file))\">\(MarkupText.words($0.words))</a></p>\n" } ?? "")\
      <h1>\(MarkupText.isolated(title))</h1>
      <p>\(origin)</p>
      <p>\(MarkupText.words(facts))</p>
      </header>
      <nav aria-label="Contents"><ol><li><a href="#picture">Picture</a></li>\
      <li><a href="#t\(turns.first?.turn ?? 0)">Utterances</a></li><li><a href="#reading">How to read this</a></li></ol></nav>
      <main>
      \(notes.map { "<p class=\"warning\">\(MarkupText.words($0))</p>\n" }.joined())\
      <section id="picture" aria-label="Picture">
      <h2>Who spoke when</h2>
      \(legend)
      <div class="lanes">\(PictureText.html(lanes.pictures))</div>
      </section>
      <section aria-label="Utterances">
      <h2>What was said, and what was felt</h2>
      <ol class="utterances">
      \(items.joined(separator: "\n"))
      </ol>
      </section>
      \(ReadingGuide(hasAttention: links != nil).html)
      </main>
      <script>\(PageScript.text)</script>
      """
    return MarkupText.page(
      title: TextWidth.visible(title), style: DialogueStyle.text, policy: PageScript.policy, body: body)
  }

  private var origin: String {
    guard let bundle = turns.first?.bundle else { return "" }
    let scored = TimeText.iso(bundle.scored).prefix(16).replacing("T", with: " ")
    return "In \(MarkupText.isolated(bundle.title)), scored \(scored) UTC by \(MarkupText.isolated(bundle.modelName))"
      + (bundle.isCurrent ? "" : " (superseded)")
  }

  private var facts: String {
    let speakers = Set(turns.map(\.speaker)).count
    var facts = [NumberText.count(turns.count, "utterance"), NumberText.count(speakers, "speaker")]
    if let end = turns.compactMap(\.end).max() { facts.append(TimeText.clock(end)) }
    let stabilities = turns.compactMap(\.stability)
    if !stabilities.isEmpty {
      let mean = stabilities.reduce(0, +) / Double(stabilities.count)
      facts.append("\(NumberText.percent(mean)) of noisy runs keep a label on average")
    }
    return facts.joined(separator: " · ")
  }

  private var notes: [String] {
    var notes: [String] = []
    if turns.count < all, let first = turns.first?.turn, let last = turns.last?.turn {
      notes.append(
        "Shown are utterances \(first) to \(last) of 0 to \(all - 1); 'ambq show "
          + "\(ShellText.quoted(turns.first?.dialogue ?? ""))' prints all.")
    }
    if case .missing(let why) = attention { notes.append(why) }
    if !turns.contains(where: { $0.text != nil }) {
      notes.append("There are no words to show: the bundle has none, or they are not kept.")
    }
    return notes
  }

  /// Whom each utterance listened to, by its turn; nil where that is not known.
  private var links: [Int: AttentionLinks]? {
    guard case .told(let explanation) = attention else { return nil }
    return Dictionary(explanation.utterances.map { ($0.turn, AttentionLinks($0)) }) { first, _ in first }
  }

  private var colours: EmotionColours {
    let known = turns.first?.bundle.emotions.names ?? []
    return EmotionColours(known + Set(turns.map(\.emotion)).subtracting(known).sorted())
  }

  private var items: [String] {
    let (links, colours) = (links, colours)
    let speakers = Dictionary(turns.map { ($0.turn, $0.speaker) }) { first, _ in first }
    return turns.map {
      UtteranceItem(
        $0, mostCharacters: mostCharacters, links: links?[$0.turn], speakers: speakers, colours: colours,
        matching: matching
      ).html
    }
  }

  private var lanes: SpeakerLanes {
    SpeakerLanes(
      turns.map { turn in
        let label = UtteranceItem.label(turn)
        return SpeakerLanes.Bar(
          turn: turn.turn, speaker: turn.speaker, start: turn.start, end: turn.end,
          emotion: turn.reasonForNoLabel == nil ? turn.emotion : nil, confidence: turn.confidence,
          isUnsure: UtteranceItem.sureness(turn) == .unsure, title: "\(turn.turn). \(turn.speaker): \(label)")
      }, colours)
  }

  private var legend: String {
    let counts = Dictionary(grouping: turns.filter { $0.reasonForNoLabel == nil }, by: \.emotion).mapValues(\.count)
    let colours = colours
    let felt = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { emotion, count in
      "<li><span class=\"chip \(colours.name(emotion))\">\(MarkupText.isolated(emotion))</span> \(NumberText.count(count))</li>"
    }
    let unlabelled = turns.count { $0.reasonForNoLabel != nil }
    let without =
      unlabelled > 0 ? ["<li><span class=\"chip none\">no label</span> \(NumberText.count(unlabelled))</li>"] : []
    return "<ul class=\"legend\" aria-label=\"How many utterances have each label\">\((felt + without).joined())</ul>"
  }
}
