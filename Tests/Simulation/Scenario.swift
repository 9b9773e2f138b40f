import TestFolders

/// What arrives, and how the daemon is set up: all of it from one number.
///
/// Each whole text ends with a full stop, so that half of one can be told.
struct Scenario {
  /// How a producer hands a file in.
  enum Manner {
    /// As it should: written under another name, synced, renamed, the folder synced.
    case synced
    /// Renamed without any sync.
    case unsynced
    /// Written in place, and stopped half way for good.
    case halfWay
  }

  /// A file that a producer hands in.
  struct Arrival: Hashable {
    var name: String
    var text: String
    /// Whether a digest file comes with it.
    var hasDigest = false
    var manner = Manner.synced

    /// Whether it can be scored.
    var isHealthy: Bool { text.hasSuffix(".") && !text.hasPrefix("bad") }
  }

  var arrivals: [Arrival]
  /// Labels in folders instead of tables.
  var hasLabelFolders = false
  var probes = false
  /// The spool's folders and the index are there from the start, and durable.
  var isPrepared = true
  /// The index lies in a folder of its own, which is none of the spool's.
  var hasIndexElsewhere = false
  /// Arrivals that lie there at the start; the others come one by one.
  var waiting = 1

  /// Two healthy bundles that lie there at the start.
  static let two = Scenario(
    arrivals: [Arrival(name: "friday.h5", text: "good one."), Arrival(name: "monday.h5", text: "good two.")], waiting: 2
  )

  /// One that is healthy and one that is not.
  static let oneBad = Scenario(
    arrivals: [Arrival(name: "friday.h5", text: "good one."), Arrival(name: "monday.h5", text: "bad one.")], waiting: 2)

  init(arrivals: [Arrival], waiting: Int) {
    self.arrivals = arrivals
    self.waiting = waiting
  }

  init(_ number: UInt64) {
    var random = RepeatableRandom(number &* 0x9E37_79B9 &+ 1)
    let names = ["friday.h5", "monday.h5", "sunday.h5"]
    var texts = ["good one.", "good two.", "good three.", "a namesake.", "bad one.", "bad two.", "busy."]
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
    hasIndexElsewhere = random.isOneIn(4)
    for index in arrivals.indices {
      switch random.below(8) {
      case 0, 1: arrivals[index].manner = .unsynced
      case 2:
        arrivals[index].manner = .halfWay
        arrivals[index].text.removeLast(1 + random.below(arrivals[index].text.count - 1))
      default: break
      }
    }
  }

  /// What lies there at the start, and what comes.
  var inventory: Inventory {
    Inventory(certain: Array(arrivals.prefix(waiting)), rest: Array(arrivals.dropFirst(waiting)))
  }

  /// The folder of the index, below the spool; empty where it is the spool.
  var indexFolder: String { hasIndexElsewhere ? "elsewhere" : "" }
  /// Where the index lies, below the spool.
  var indexPath: String { hasIndexElsewhere ? "elsewhere/index.sqlite" : "index.sqlite" }

  /// A spool as its owner would make it: a folder for what arrives, and one for an index elsewhere.
  var empty: Disk {
    var disk = Disk()
    disk.entries[Disk.root] = ["incoming": 1]
    disk.entries[1] = [:]
    if hasIndexElsewhere {
      disk.entries[Disk.root]?[indexFolder] = 2
      disk.entries[2] = [:]
    }
    return disk
  }
}

extension RepeatableRandom {
  /// Below `bound`, which is at least 1.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  mutating func isOneIn(_ bound: Int) -> Bool { below(bound) == 0 }

  mutating func element<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
