/// What must be found of the bundles that were handed in.
struct Inventory {
  /// What must not be lost.
  var certain: [Scenario.Arrival] = []
  /// What the power took from producers that did not sync: nothing need be found of it.
  var perhaps: [Scenario.Arrival] = []
  /// What is still to be handed in.
  var rest: [Scenario.Arrival] = []

  /// Whether there is anything that a producer did not write whole and sync.
  var isAtRisk: Bool { !perhaps.isEmpty || certain.contains { $0.manner != .synced } }

  /// What is there once all is handed in.
  var whole: Inventory { Inventory(certain: certain + rest, perhaps: perhaps) }
}

extension Simulation.Story {
  /// What has been handed in after so many events, and what not.
  ///
  /// - Parameter disk: what a power cut has left; nil where there was none. What a producer did not sync may be gone, or cut:
  ///   then it is another bundle, which must be refused.
  func inventory(after count: Int, on disk: Disk?) -> Inventory {
    let complete = arrivals.prefix { $0.event <= count }.count
    var inventory = Inventory(
      certain: earlier.certain, perhaps: earlier.perhaps, rest: Array(planned.dropFirst(complete)))
    for (number, (arrival, place)) in zip(arrivals.map(\.arrival), recording.arrived).enumerated()
    where place.event < count {
      let isComplete = number < complete
      guard let disk, arrival.manner != .synced else {
        if isComplete { inventory.certain.append(arrival) }
        continue
      }
      switch disk.bundle(place.inode) {
      case nil: if isComplete { inventory.perhaps.append(arrival) }
      case Array(arrival.text.utf8): inventory.certain.append(arrival)
      case .some(let content):
        inventory.certain.append(
          Scenario.Arrival(name: arrival.name, text: String(decoding: content, as: UTF8.self), manner: .halfWay))
      }
    }
    return inventory
  }
}
