import AMBDSGDN
import Tensors

/// All that changes while a network is trained; with the data, the recipe and the seed it decides every later byte.
final class TrainingState {
  let parameters: ParameterSet
  let optimiser: Adam
  var progress: Adam.Progress
  /// The running average of the parameters, where the recipe asks for one.
  let average: ParameterSet?
  /// What the best epoch validated.
  let best: ParameterSet
  /// Epochs done.
  var epoch = 0
  /// Steps done.
  var step = 0
  var record = TrainingRecord()

  init(_ parameters: ParameterSet, averages: Bool) {
    self.parameters = parameters
    optimiser = Adam(parameters.all)
    progress = Adam.Progress(parameters: parameters.all.count)
    average = averages ? parameters.copy() : nil
    best = parameters.copy()
  }

  /// What is validated and kept.
  var validated: ParameterSet { average ?? parameters }

  func updateAverage(decay: Double) {
    guard let average else { return }
    // Early on the average leans on what has been seen so far rather than on the random start.
    let share = max(1 - decay, 1 / Double(step + 1))
    for (mean, parameter) in zip(average.all, parameters.all) {
      mean.value.move(towards: parameter.value, by: Float(share))
    }
  }

  func keepBest() {
    for (kept, parameter) in zip(best.all, validated.all) { kept.value.assign(parameter.value) }
  }

  /// Every matrix of the state by name, in a fixed order, but for the best epoch's.
  var matrices: [(name: String, value: Matrix)] {
    let names = parameters.layouts.map(\.name)
    var all = zip(names, parameters.all).map { (name: "weight/\($0)", value: $1.value) }
    all += zip(names, optimiser.slots).map { (name: "first_moment/\($0)", value: $1.first) }
    all += zip(names, optimiser.slots).map { (name: "second_moment/\($0)", value: $1.second) }
    if let average { all += zip(names, average.all).map { (name: "average/\($0)", value: $1.value) } }
    return all
  }

  var bestMatrices: [(name: String, value: Matrix)] {
    zip(best.layouts.map(\.name), best.all).map { (name: "best/\($0)", value: $1.value) }
  }
}
