/// Who spoke when and with what feeling: a lane for each speaker on an axis of time, or of order where no times are known.
///
/// The height of a bar says how sure its label is, a hollow one is unsure, a dashed one has no label. A long dialogue is
/// several pictures, one below the other, so that a telephone shows each bar wide enough to be tapped.
public struct SpeakerLanes: Sendable {
  /// One utterance.
  public struct Bar: Sendable {
    /// Position in the dialogue, from 0.
    public var turn: Int
    /// Whose lane.
    public var speaker: String
    /// Seconds from the start of the recording.
    public var start: Double?
    /// Seconds from the start of the recording.
    public var end: Double?
    /// The label's name; nil where there is no label.
    public var emotion: String?
    /// The label's probability.
    public var confidence: Double
    /// Whether the label is an unsure one.
    public var isUnsure: Bool
    /// What a pointer that rests on the bar is told.
    public var title: String

    /// One utterance of its parts.
    public init(
      turn: Int, speaker: String, start: Double?, end: Double?, emotion: String?, confidence: Double, isUnsure: Bool,
      title: String
    ) {
      (self.turn, self.speaker, self.start, self.end) = (turn, speaker, start, end)
      (self.emotion, self.confidence, self.isUnsure, self.title) = (emotion, confidence, isUnsure, title)
    }
  }

  private let bars: [Bar]
  /// In the order of their first utterances: that of the lanes in every picture.
  private let speakers: [String]
  private let colours: EmotionColours

  /// Utterances in one picture.
  static let mostBars = 16
  /// A silence of so many seconds begins another picture.
  static let longSilence = 60.0
  private static let margin = 8.0
  /// A bar narrower than this cannot be tapped, one lower than this holds no letters.
  private static let least = 7.0
  private static let leastHeight = 13.0
  private static let lane = (name: 14.0, bar: 26.0, gap: 6.0)

  /// - Parameters:
  ///   - bars: in the order of turns.
  ///   - colours: of their emotions.
  public init(_ bars: [Bar], _ colours: EmotionColours) {
    (self.bars, self.colours) = (bars, colours)
    var seen: Set<String> = []
    speakers = bars.map(\.speaker).filter { seen.insert($0).inserted }
  }

  /// The pictures in the order of reading.
  public var pictures: [String] { pieces.map(picture) }

  /// Stretches of neighbours that one picture shows.
  var pieces: [ArraySlice<Bar>] {
    var pieces: [ArraySlice<Bar>] = []
    var first = bars.startIndex
    for place in bars.indices.dropFirst() {
      let silence = (bars[place].start ?? 0) - (bars[place - 1].end ?? bars[place].start ?? 0)
      if place - first >= Self.mostBars || silence > Self.longSilence {
        pieces.append(bars[first..<place])
        first = place
      }
    }
    if first < bars.endIndex { pieces.append(bars[first...]) }
    return pieces
  }

  private func picture(_ piece: ArraySlice<Bar>) -> String {
    let present = Set(piece.map(\.speaker))
    let speakers = speakers.filter(present.contains)
    let axis = LaneAxis(piece, from: Self.margin, to: SVGDrawing.width - Self.margin, least: Self.least)
    let (first, last) = (piece.first?.turn ?? 0, piece.last?.turn ?? 0)
    var drawing = SVGDrawing(
      alternative: "Utterances \(first) to \(last) in lanes of \(NumberText.count(speakers.count, "speaker")); "
        + "the list says the same.")
    let step = Self.lane.name + Self.lane.bar + Self.lane.gap
    for (number, speaker) in speakers.enumerated() {
      let top = Double(number) * step
      let name = TextMeasure.fitted(
        TextWidth.visible(speaker), into: SVGDrawing.width - 2 * Self.margin, size: SVGDrawing.smallText)
      drawing.text(name, Self.margin, top + 11, size: SVGDrawing.smallText, style: "class=\"lane\"")
      let base = top + Self.lane.name + Self.lane.bar
      drawing.line(
        from: (Self.margin, base), to: (SVGDrawing.width - Self.margin, base), style: Series.rule(0.35))
      for bar in piece where bar.speaker == speaker { draw(bar, axis.span(of: bar.turn), base: base, in: &drawing) }
    }
    let foot = Double(speakers.count) * step + 8
    drawing.text(axis.labels.first, Self.margin, foot + 4, size: SVGDrawing.smallText)
    drawing.text(axis.labels.last, SVGDrawing.width - Self.margin, foot + 4, .end, size: SVGDrawing.smallText)
    drawing.height = foot + 10
    return drawing.svg
  }

  private func draw(_ bar: Bar, _ span: (x: Double, width: Double), base: Double, in drawing: inout SVGDrawing) {
    let share = bar.emotion == nil ? 0 : min(max(bar.confidence, 0), 1)
    let height = Self.leastHeight + share * (Self.lane.bar - Self.leastHeight)
    drawing.link(to: "t\(bar.turn)", title: TextWidth.visible(bar.title), turn: bar.turn) { drawing in
      // The whole of the lane is the pointer's.
      drawing.rectangle(
        span.x, base - Self.lane.bar, span.width, Self.lane.bar, style: "fill=\"none\" pointer-events=\"all\"")
      guard let emotion = bar.emotion else {
        return drawing.rectangle(
          span.x + 1, base - height, span.width - 2, height,
          style: "fill=\"none\" stroke=\"currentColor\" stroke-dasharray=\"3 2\"")
      }
      if bar.isUnsure {
        drawing.rectangle(span.x + 1, base - height, span.width - 2, height, style: colours.outline(emotion))
      } else {
        drawing.rectangle(span.x, base - height, span.width - 1, height, style: colours.fill(emotion))
      }
      let letters = String(TextWidth.visible(emotion).prefix(2))
      let room = span.width - 3
      guard TextMeasure.width(letters, size: SVGDrawing.smallText) <= room else { return }
      drawing.text(
        letters, span.x + span.width / 2, base - 4, .middle, size: SVGDrawing.smallText,
        style: bar.isUnsure ? "" : colours.ink(emotion))
    }
  }
}

/// Where the bars of a picture stand: by time where all times are known and rise, else one beside the other.
struct LaneAxis {
  let labels: (first: String, last: String)
  private var spans: [Int: (x: Double, width: Double)] = [:]

  init(_ bars: ArraySlice<SpeakerLanes.Bar>, from left: Double, to right: Double, least: Double) {
    let starts = bars.compactMap(\.start).filter(\.isFinite)
    let isTimed = starts.count == bars.count && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
    let first = starts.first ?? 0
    let last = zip(bars, starts).map { max($1, $0.end.map { $0.isFinite ? $0 : 0 } ?? 0) }.max() ?? 0
    if isTimed, last > first {
      let scale = (right - left) / (last - first)
      for (bar, start) in zip(bars, starts) {
        let end = max(start, bar.end ?? start)
        let width = max(least, (end - start) * scale)
        spans[bar.turn] = (min(left + (start - first) * scale, right - width), width)
      }
      labels = (TimeText.clock(first), TimeText.clock(last))
    } else {
      let slot = (right - left) / Double(max(bars.count, SpeakerLanes.mostBars))
      for (place, bar) in bars.enumerated() { spans[bar.turn] = (left + Double(place) * slot, slot) }
      labels = ("\(bars.first?.turn ?? 0)", "\(bars.last?.turn ?? 0)")
    }
  }

  func span(of turn: Int) -> (x: Double, width: Double) { spans[turn] ?? (0, 0) }
}
