import TestFolders

/// What arrives, and how the daemon is set up: all of it from one number.
struct Scenario {
  /// A file that a producer hands in.
  struct Arrival: Hashable {
    var name: String
    var text: String
    /// Whether a digest file comes with it.
    var hasDigest = false

    /// Whether it can be scored.
    var isHealthy: Bool { !text.hasPrefix("bad") }
  }

  var arrivals: [Arrival]
  /// Labels in folders instead of tables.
  var hasLabelFolders = false
  var probes = false
  /// The spool's folders and the index are there from the start, and durable.
  var isPrepared = true
  /// Arrivals that lie there at the start; the others come one by one.
  var waiting = 1

  /// Two healthy bundles that lie there at the start.
  static let two = Scenario(
    arrivals: [Arrival(name: "friday.h5", text: "good one"), Arrival(name: "monday.h5", text: "good two")], waiting: 2)

  /// One that is healthy and one that is not.
  static let oneBad = Scenario(
    arrivals: [Arrival(name: "friday.h5", text: "good one"), Arrival(name: "monday.h5", text: "bad one")], waiting: 2)

  init(arrivals: [Arrival], waiting: Int) {
    self.arrivals = arrivals
    self.waiting = waiting
  }

  init(_ number: UInt64) {
    var random = RepeatableRandom(number &* 0x9E37_79B9 &+ 1)
    let names = ["friday.h5", "monday.h5", "sunday.h5"]
    var texts = ["good one", "good two", "good three", "a namesake", "bad one", "bad two", "busy"]
    arrivals = (0..<1 + random.below(5)).map { _ in
      // Now and then the same bytes again, under this name or another.
      let place = random.below(texts.count)
      let text = random.below(4) == 0 ? texts[place] : texts.remove(at: place)
      return Arrival(
        name: names[random.below(names.count)], text: text, hasDigest: random.below(4) == 0)
    }
    hasLabelFolders = random.below(4) == 0
    probes = random.below(4) == 0
    isPrepared = random.below(4) != 0
    // Of two that lie there under one name, the second would take the first one's place.
    let distinct = arrivals.indices.first { index in arrivals[..<index].contains { $0.name == arrivals[index].name } }
    waiting = random.below((distinct ?? arrivals.count) + 1)
  }
}

extension RepeatableRandom {
  /// Below `bound`, which is at least 1.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  mutating func isOneIn(_ bound: Int) -> Bool { below(bound) == 0 }

  mutating func element<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
