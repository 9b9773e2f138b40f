import ModelTraining

/// A training as it goes: a line an epoch.
struct TrainingProgress {
  private let namesSeeds: Bool
  private let judge: String
  private var run = RunProgress()

  /// - Parameters:
  ///   - namesSeeds: whether there are several to tell apart.
  ///   - selectsOnTest: whether it is the test data that chooses the epoch.
  init(namesSeeds: Bool, selectsOnTest: Bool) {
    self.namesSeeds = namesSeeds
    judge = selectsOnTest ? "test" : "validation"
  }

  mutating func show(_ event: TrainingEvent, seed: UInt64) {
    switch event {
    case .resumed(let epoch):
      run.finish()
      run.say("\(label(seed)): resumed after epoch \(epoch)")
    case .step(let step, let total):
      run.advance(label(seed), to: step.step, of: total, detail: "loss \(Figures.fixed(step.loss, 4))")
    case .epoch(let epoch, let total):
      run.say(
        "\(namesSeeds ? "seed \(seed)  " : "")epoch \(epoch.epoch)/\(total)  loss \(Figures.fixed(epoch.loss, 4))  "
          + "on \(judge): loss \(Figures.fixed(epoch.validationLoss, 4)), weighted F1 "
          + "\(Figures.fixed(100 * epoch.weightedF1, 2)) %, accuracy \(Figures.fixed(100 * epoch.accuracy, 2)) %"
          + (epoch.isBest ? "  best" : ""))
      if epoch.epoch == total { run.finish() }
    }
  }

  /// Ends the line that is being drawn.
  mutating func finish() {
    run.finish()
  }

  private func label(_ seed: UInt64) -> String {
    namesSeeds ? "seed \(seed)" : "training"
  }
}
