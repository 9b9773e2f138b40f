import BundleSpool
import DialogueBundles
import DialogueDomain
import Dispatch
import Foundation
import Synchronization

/// Reads claimed bundles before their turn comes, on threads of its own, and gives them out in the order of their claims.
///
/// How far it reads ahead is bounded by what the bundles hold in memory, whatever their number: a small file can hold much. Of a
/// large one, the first part is read; the others stay with the process that reads it until they are scored.
final class ReadAhead: Sendable {
  private struct Place {
    var claimed: ClaimedBundle
    var read: ReadBundle?
    var isBegun = false
  }

  private struct State {
    /// In the order of the claims.
    var places: [Place] = []
    /// Bytes that are held of what has been read and not been taken: here, and by processes that read.
    var held = 0
    /// Threads at work.
    var readers = 0
    /// What was begun before a restart counts for nothing.
    var round = 0
    var intake: (any BundleSource)?
  }

  /// With so many bytes waiting to be taken, no further bundle is begun.
  static let mostHeld = 64 << 20

  private let state = Mutex(State())
  private let arrived = DispatchSemaphore(value: 0)
  private let readers: Int

  /// - Parameter readers: bundles that are read at the same time; with 0 each is read when it is taken, by who takes it.
  init(readers: Int) {
    self.readers = readers
  }

  /// Bundles that have been begun and not been taken.
  var count: Int { state.withLock { $0.places.count } }

  /// Those of them that have been read.
  var readCount: Int { state.withLock { $0.places.count { $0.read != nil } } }

  /// The one whose turn comes next.
  var first: ClaimedBundle? { state.withLock { $0.places.first?.claimed } }

  /// Has a bundle read.
  func begin(_ claimed: ClaimedBundle, by intake: any BundleSource) {
    state.withLock { state in
      state.intake = intake
      state.places.append(Place(claimed: claimed))
    }
    work()
  }

  /// Has all that has not been taken read again by another source.
  func restart(by intake: any BundleSource) {
    state.withLock { state in
      state.intake = intake
      state.round += 1
      state.held = 0
      for index in state.places.indices {
        state.places[index].read = nil
        state.places[index].isBegun = false
      }
    }
    work()
  }

  /// Forgets everything.
  ///
  /// - Returns: the bundles that have not been taken.
  func end() -> [ClaimedBundle] {
    state.withLock { state in
      defer { state = State(readers: state.readers, round: state.round + 1) }
      return state.places.map(\.claimed)
    }
  }

  /// The bundles whose turn it is, as far as they have been read: the first, which is waited for, and those behind it.
  ///
  /// - Parameters:
  ///   - limit: at most so many bundles.
  ///   - rows: no further bundle once so many utterances are there.
  func take(limit: Int, rows: Int) -> [ReadBundle] {
    if readers == 0 { readHere(limit: limit, rows: rows) }
    while true {
      let taken = state.withLock { state in
        var taken: [ReadBundle] = []
        var count = 0
        while taken.count < limit, count < rows, taken.count < state.places.count,
          let read = state.places[taken.count].read
        {
          taken.append(read)
          count += read.utterances
          state.held -= read.byteCount
        }
        state.places.removeFirst(taken.count)
        return taken
      }
      if !taken.isEmpty || count == 0 {
        work()
        return taken
      }
      arrived.wait()
    }
  }

  /// Reads what is to be taken.
  private func readHere(limit: Int, rows: Int) {
    let places = state.withLock { $0.places.prefix(limit).enumerated().filter { $0.element.read == nil } }
    guard let intake = state.withLock({ $0.intake }) else { return }
    var count = 0
    for (index, place) in places where count < rows {
      let read = ReadBundle(place.claimed, by: intake)
      count += read.utterances
      state.withLock {
        $0.places[index].read = read
        $0.held += read.byteCount
      }
    }
  }

  /// Sets as many threads to work as there is work for.
  private func work() {
    let missing = state.withLock { state in
      let waiting = state.places.count { !$0.isBegun }
      let missing = max(0, min(waiting, readers - state.readers))
      state.readers += missing
      return missing
    }
    for _ in 0..<missing { Thread.detachNewThread { [self] in read() } }
  }

  /// Reads until there is nothing more to read, or too much has been.
  private func read() {
    while true {
      let next = state.withLock { state -> (ClaimedBundle, any BundleSource, Int)? in
        let index = state.places.firstIndex { !$0.isBegun }
        // The first is waited for, however much the others hold.
        guard let index, let intake = state.intake, index == 0 || state.held < Self.mostHeld else {
          state.readers -= 1
          return nil
        }
        state.places[index].isBegun = true
        return (state.places[index].claimed, intake, state.round)
      }
      guard let (claimed, intake, round) = next else { return }
      let read = ReadBundle(claimed, by: intake)
      state.withLock { state in
        guard state.round == round, let index = state.places.firstIndex(where: { $0.claimed.url == claimed.url })
        else { return }
        state.places[index].read = read
        state.held += read.byteCount
      }
      arrived.signal()
    }
  }
}

extension ReadBundle {
  /// Utterances that are to be scored.
  var utterances: Int { (try? content.get().outline.utterances.count) ?? 0 }

  /// What it takes in memory before it is taken: features here, and the file where it has not been read to its end.
  var byteCount: Int {
    (try? content.get()).map { $0.byteCountReady + ($0.isRead ? 0 : $0.byteCount) } ?? 0
  }
}
