/// Turns a main line of CHAT into the words that were spoken.
///
/// | CHAT | becomes |
/// | --- | --- |
/// | `[//]`, `[* m]`, `[=! laughing]`, any `[…]` | nothing |
/// | `<the the> [/]` | the words inside |
/// | `(be)cause` | `because` |
/// | `(.)`, `(..)`, `(1.5)` | nothing: pauses |
/// | `&-um`, `&um` | `um` |
/// | `&=laughs`, `&+fr`, `&~gaga`, `&*MOT:mhm` | nothing: sounds, fragments, other people's words |
/// | `0is`, `0` | nothing: words left out, actions |
/// | `xxx`, `yyy`, `www` | nothing: not understood |
/// | `bunko@c`, `ice_cream`, `no:`, `ˈno` | `bunko`, `ice cream`, `no`, `no` |
/// | `+"`, `+<`, `++`, `+^`, `+,` at the beginning | nothing: links to other lines |
/// | `+...`, `+/.`, `+//?`, `+!?` at the end | `...`, `.`, `?`, `?` |
/// | `„`, `‡` | `,` |
///
/// Marks stand behind the word without a blank: `where is it ?` is `where is it?`.
enum CHATWords {
  static func plain(_ line: String) -> String {
    var result = ""
    for word in withoutCodes(line).split(whereSeparator: \.isWhitespace) {
      let spoken = plainWord(word)
      guard !spoken.isEmpty else { continue }
      let isMark = spoken.allSatisfy { ".?!,;…".contains($0) }
      if isMark, result.isEmpty { continue }
      if !result.isEmpty, !isMark { result += " " }
      result += spoken
    }
    return result
  }

  /// The line without `[…]`, angle brackets, pauses and the brackets around sounds that were swallowed.
  private static func withoutCodes(_ line: String) -> String {
    var result = ""
    var depth = 0
    for character in line {
      switch character {
      case "[": depth += 1
      case "]": depth = max(0, depth - 1)
      case "<", ">", "‹", "›": if depth == 0 { result += " " }
      default: if depth == 0 { result.append(character) }
      }
    }
    return result
  }

  private static let unclear: Set<Substring> = ["xxx", "yyy", "www", "xx", "yy"]

  private static func plainWord(_ word: Substring) -> String {
    if word.first == "+" {
      if word.hasPrefix("+...") || word.hasPrefix("+..") { return word.hasSuffix("?") ? "?" : "..." }
      return word.last.map { ".?!".contains($0) ? String($0) : "" } ?? ""
    }
    if word.first == "(", word.hasSuffix(")"), word.allSatisfy({ "().:".contains($0) || $0.isNumber }) { return "" }
    if word == "„" || word == "‡" { return "," }
    if unclear.contains(word) { return "" }
    if word.first == "0", word.dropFirst().first.map({ !$0.isNumber }) ?? true { return "" }
    var rest = word
    if rest.first == "&" {
      rest = rest.dropFirst()
      if let kind = rest.first, "=+~*".contains(kind) { return "" }
      if rest.first == "-" { rest = rest.dropFirst() }
    }
    if let at = rest.firstIndex(of: "@") { rest = rest[..<at] }
    let spoken = rest.compactMap { character -> Character? in
      if "():^ˈˌ≠↑↓".contains(character) { return nil }
      return character == "_" ? " " : character
    }
    return String(spoken)
  }
}
