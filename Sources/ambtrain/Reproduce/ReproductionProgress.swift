import PaperExperiments

/// An experiment as it goes: a line a training.
struct ReproductionProgress {
  private let name: String
  private var run = RunProgress()
  private var training = ""

  init(_ name: String) {
    self.name = name
  }

  mutating func show(_ event: ExperimentEvent) {
    switch event {
    case .began(let arm, let seed): training = "\(arm), seed \(seed)"
    case .steps(let done, let total): advance(done, of: total)
    case .found(let arm, let seed, let number, let total):
      run.say("\(number)/\(total)  \(arm), seed \(seed): finished earlier")
    case .finished(let arm, let seed, let accuracy, let weightedF1, let number, let total):
      run.say(
        "\(number)/\(total)  \(arm), seed \(seed): weighted F1 \(Figures.fixed(100 * weightedF1, 2)) %, "
          + "accuracy \(Figures.fixed(100 * accuracy, 2)) %")
    }
  }

  mutating func advance(_ done: Int, of total: Int) {
    run.advance(name, to: done, of: total, detail: training)
  }

  /// Ends the line that is being drawn.
  mutating func finish() {
    run.finish()
  }
}
