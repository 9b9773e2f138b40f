import DialogueDomain
import Tensors

/// What stays together when dialogues are held out.
public enum SplitUnit: String, CaseIterable, Sendable {
  /// A dialogue.
  case dialogue
  /// All dialogues that share a speaker, or whose speakers share others: nobody speaks on both sides.
  case speaker
}

extension TrainingData {
  /// Splits by dialogue, never within one: a function of the seed alone.
  ///
  /// - Parameters:
  ///   - share: of dialogues that go to validation; at least one goes and one stays.
  ///   - unit: what stays together.
  /// - Throws: `TrainingError.tooFewDialogues` where there are fewer than two, `.sharedSpeakers` where all belong together.
  public func split(
    validationShare share: Double, by unit: SplitUnit = .dialogue, seed: UInt64
  ) throws -> (training: Self, validation: Self) {
    let count = bundle.dialogues.count
    guard count >= 2 else { throw TrainingError.tooFewDialogues(count, share: share) }
    let groups = try groups(unit, atLeast: 2)
    let order = DialogueOrder.shuffled(
      groups.count, key: CounterBasedRandom.key(seed, CounterBasedRandom.key(named: "split")))
    let wanted = min(max(Int((Double(count) * share).rounded()), 1), count - 1)
    var held: [Int] = []
    // The last group stays in training.
    for index in order.dropLast() where held.count < wanted {
      // A group that would hold out far more than was asked for is passed over, unless it is the only one left.
      if held.isEmpty || held.count + groups[index].count <= 2 * wanted { held += groups[index] }
    }
    return partition(held)
  }

  /// Cuts into folds of nearly equal size: a function of the seed alone.
  ///
  /// - Parameter unit: what stays together.
  /// - Returns: for each fold, what is trained on and what is held out.
  /// - Throws: `TrainingError.tooFewForFolds` where there are fewer dialogues than folds, `.sharedSpeakers` where fewer than
  ///   as many belong apart.
  public func folded(
    _ folds: Int, by unit: SplitUnit = .dialogue, seed: UInt64
  ) throws -> [(training: Self, heldOut: Self)] {
    let count = bundle.dialogues.count
    guard count >= folds else { throw TrainingError.tooFewForFolds(count, folds: folds) }
    let groups = try groups(unit, atLeast: folds)
    let order = DialogueOrder.shuffled(
      groups.count, key: CounterBasedRandom.key(seed, CounterBasedRandom.key(named: "folds")))
    var held = [[Int]](repeating: [], count: folds)
    for (place, index) in order.enumerated() {
      // Single dialogues go round; groups of several sizes go where there is most room.
      let fold =
        unit == .dialogue ? place % folds : held.indices.min { held[$0].count < held[$1].count } ?? place % folds
      held[fold] += groups[index]
    }
    return held.map {
      let parts = partition($0)
      return (parts.training, parts.validation)
    }
  }

  private func partition(_ held: [Int]) -> (training: Self, validation: Self) {
    let isHeld = Set(held)
    return (selecting(bundle.dialogues.indices.filter { !isHeld.contains($0) }), selecting(held.sorted()))
  }

  /// Dialogues that stay together, each group in order, by their first ones.
  private func groups(_ unit: SplitUnit, atLeast least: Int) throws -> [[Int]] {
    let dialogues = bundle.dialogues
    guard unit == .speaker else { return dialogues.indices.map { [$0] } }
    // Each dialogue's representative: the first one that it is linked to.
    var links = Array(dialogues.indices)
    func representative(_ index: Int) -> Int {
      var place = index
      while links[place] != place { place = links[place] }
      return place
    }
    var firstOfSpeaker: [String: Int] = [:]
    for (index, dialogue) in dialogues.enumerated() {
      for speaker in Set(bundle.utterances[dialogue.rows].map(\.speaker)) {
        guard let earlier = firstOfSpeaker[speaker] else {
          firstOfSpeaker[speaker] = index
          continue
        }
        let (one, other) = (representative(earlier), representative(index))
        links[max(one, other)] = min(one, other)
      }
    }
    let groups = Dictionary(grouping: dialogues.indices, by: representative).sorted { $0.key < $1.key }.map(\.value)
    guard groups.count >= least else {
      let largest = groups.map(\.count).max() ?? 0
      throw TrainingError.sharedSpeakers(groups: groups.count, largest: largest, of: dialogues.count, needed: least)
    }
    return groups
  }
}
