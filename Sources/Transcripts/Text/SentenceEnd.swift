/// Where sentences end, for the rules that join cues and cut runs of words.
enum SentenceEnd {
  private static let marks: Set<Character> = [".", "?", "!", "…", "。", "！", "？", "؟", "।", "♪"]
  private static let closers: Set<Character> = ["\"", "'", "”", "’", "»", ")", "]", "*", "」", "』"]
  private static let abbreviations: Set<String> = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "e.g.", "i.e.", "etc.", "jr.", "sr.", "z.b.", "bzw.",
  ]

  /// Whether the text ends a sentence: `.`, `?`, `!` or `…`, behind it perhaps a closing quotation mark or bracket.
  ///
  /// A point after a usual abbreviation (`Dr.`) or a single letter (`J.`) ends none.
  static func closes(_ text: some StringProtocol) -> Bool {
    var rest = Substring(text).trimmed
    while let last = rest.last, closers.contains(last) { rest = rest.dropLast() }
    guard let mark = rest.last, marks.contains(mark) else { return false }
    guard mark == "." else { return true }
    let word = rest.split(separator: " ").last ?? rest
    let isInitial = word.count == 2 && word.first?.isUppercase == true && word.first != "I"
    return !isInitial && !abbreviations.contains(word.lowercased())
  }
}
