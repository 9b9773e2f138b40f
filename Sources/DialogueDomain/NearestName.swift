/// The candidate closest to a mistyped name, for "did you mean": at most a third of its letters wrong, else nil.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  let typed = Array(name.lowercased())
  let scored = candidates.map { ($0, editDistance(typed, Array($0.lowercased()))) }
  guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
  let limit = max(1, max(typed.count, best.0.count) / 3)
  return best.1 <= limit ? best.0 : nil
}

/// Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      var best = min(previous[column + 1], current[column]) + 1
      best = min(best, previous[column] + (left[row] == right[column] ? 0 : 1))
      let isSwapped =
        row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
      if isSwapped { best = min(best, beforePrevious[column - 1] + 1) }
      current.append(best)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}
