/// Several people named as the speaker of one row: `Anna & Ben`.
enum JointSpeakers {
  /// Separators that join people wherever they stand between blanks, and those that stand without.
  private static let separators = [" & ", " + ", " / ", "/", ";", " | "]
  /// Separators that also stand within one person's name (`Schmidt, Anna`).
  private static let doubtful = [", ", ",", " and ", " und ", " et "]

  /// Takes the names apart in the rows whose speaker was found in a tag, a prefix or an identifier.
  ///
  /// `&`, `+`, `/`, `|` and `;` always join people. A comma or an `and` joins people only if each of them also speaks
  /// alone somewhere in the file, since `Schmidt, Anna` is one person. Tiers, columns and fields stay as they are.
  static func separate(_ rows: inout [TranscriptUtterance]) {
    var alone: Set<String> = []
    for row in rows where row.speakers.count == 1 { alone.formUnion(row.speakers) }
    var known: [String: [String]] = [:]
    for index in rows.indices where rows[index].speakers.count == 1 {
      switch rows[index].speakerSource {
      case .tag, .prefix, .identifier:
        let name = rows[index].speakers[0]
        let parts = known[name] ?? people(in: name, alone: alone)
        known[name] = parts
        rows[index].speakers = parts
      default: continue
      }
    }
  }

  private static func people(in name: String, alone: Set<String>) -> [String] {
    for separator in separators where name.contains(separator) {
      let parts = split(name, at: separator)
      if parts.count > 1 { return parts }
    }
    for separator in doubtful where name.contains(separator) {
      let parts = split(name, at: separator)
      if parts.count > 1, parts.allSatisfy(alone.contains) { return parts }
    }
    return [name]
  }

  /// The parts of a name, each with a letter or digit; the name itself where there are no such parts.
  private static func split(_ name: String, at separator: String) -> [String] {
    let parts = name.split(separator: separator).map { String($0.trimmed) }
    let areNames = parts.allSatisfy { part in part.contains { $0.isLetter || $0.isNumber } }
    return areNames ? parts : [name]
  }
}
