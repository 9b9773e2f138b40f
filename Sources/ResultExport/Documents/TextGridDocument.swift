/// A dialogue as a Praat TextGrid, in the long form and UTF-8.
///
/// Each speaker has three interval tiers: `Anna` with the words, `Anna - emotion` with the label, and `Anna - confidence`
/// with the label's probability, or with the reason where there is no label. The tiers cover the whole time: what lies
/// between turns is an empty interval. The last tier is `TextGridMark`.
enum TextGridDocument {
  static func render(_ dialogue: ExportedDialogue) -> String {
    let tiers = SpeakerTier.tiers(of: dialogue)
    let end = dialogue.turns.compactMap(\.span?.upperBound).max() ?? 1
    var text = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n"
    text += "xmin = 0 \nxmax = \(seconds(end)) \ntiers? <exists> \nsize = \(tiers.count * 3 + 1) \nitem []: \n"
    var number = 1
    for tier in tiers {
      let contents: [(String, (ExportedTurn) -> String)] = [
        (tier.title, \.spoken), (tier.emotionTitle, \.row.emotion), (tier.confidenceTitle, \.certainty),
      ]
      for (title, value) in contents {
        append(tier.turns, end: end, title: title, number: number, value: value, to: &text)
        number += 1
      }
    }
    let mark = OneLine.of(TextGridMark(dialogue).text)
    append([(0..<end, mark)], end: end, title: TextGridMark.title, number: number, to: &text)
    return text
  }

  private static func append(
    _ turns: [ExportedTurn], end: Int, title: String, number: Int, value: (ExportedTurn) -> String,
    to text: inout String
  ) {
    var intervals: [(Range<Int>, String)] = []
    var reached = 0
    for turn in turns {
      guard let span = turn.span else { continue }
      if span.lowerBound > reached { intervals.append((reached..<span.lowerBound, "")) }
      intervals.append((span, value(turn)))
      reached = span.upperBound
    }
    if reached < end { intervals.append((reached..<end, "")) }
    append(intervals, end: end, title: title, number: number, to: &text)
  }

  private static func append(
    _ intervals: [(Range<Int>, String)], end: Int, title: String, number: Int, to text: inout String
  ) {
    text += "    item [\(number)]:\n        class = \"IntervalTier\" \n        name = \(quoted(title)) \n"
    text += "        xmin = 0 \n        xmax = \(seconds(end)) \n        intervals: size = \(intervals.count) \n"
    for (index, (span, words)) in intervals.enumerated() {
      text += "        intervals [\(index + 1)]:\n            xmin = \(seconds(span.lowerBound)) \n"
      text += "            xmax = \(seconds(span.upperBound)) \n            text = \(quoted(words)) \n"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + OneLine.of(text).replacing("\"", with: "\"\"") + "\""
  }

  private static func seconds(_ milliseconds: Int) -> String { PlainNumber.seconds(milliseconds) }
}

/// Numbers of documents: a point, no locale, no zeros at the end.
enum PlainNumber {
  /// A share with up to four decimals: `0.8312`, `1`.
  static func share(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let units = Int((min(max(value, -1e9), 1e9) * 10_000).rounded())
    return trimmed(units, digits: 4)
  }

  /// Milliseconds as seconds: `12.5`.
  static func seconds(_ milliseconds: Int) -> String { trimmed(milliseconds, digits: 3) }

  private static func trimmed(_ units: Int, digits: Int) -> String {
    let scale = digits == 3 ? 1000 : 10_000
    let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
    let sign = units < 0 ? "-" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    var decimals = String(rest)
    decimals = String(repeating: "0", count: digits - decimals.count) + decimals
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(sign)\(whole).\(decimals)"
  }
}
