/// The candidate closest to a mistyped name, for "did you mean": at most a third of its letters wrong, else nil.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  let typed = Array(name.lowercased())
  let scored = candidates.map { ($0, editDistance(typed, Array($0.lowercased()))) }
  guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
  let limit = max(1, max(typed.count, best.0.count) / 3)
  return best.1 <= limit ? best.0 : nil
}

/// Levenshtein distance: insertions, deletions and replacements between two words.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var previous = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in right.enumerated() {
      let replaced = previous[column] + (letter == other ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[right.count]
}
