import Presentation

/// How often each of some emotions occurs.
struct EmotionTally {
  private(set) var counts: [String: Int] = [:]

  init() {}

  init(_ names: [String]) {
    for name in names { add(name, 1) }
  }

  mutating func add(_ name: String, _ count: Int) {
    counts[name, default: 0] += count
  }

  var total: Int { counts.values.reduce(0, +) }

  /// Most frequent first; by name among equals.
  var leading: [(name: String, count: Int)] {
    counts.map { (name: $0.key, count: $0.value) }.sorted { left, right in
      left.count == right.count ? left.name < right.name : left.count > right.count
    }
  }

  /// The three most frequent with their shares: `neutral 50 %, anger 20 %, joy 10 %`.
  var summary: String {
    leading.prefix(3).map { "\($0.name) \(NumberText.percent(Double($0.count) / Double(total)))" }
      .joined(separator: ", ")
  }
}
