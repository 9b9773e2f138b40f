import AMBDSGDN
import GoldenData
import Tensors
import Testing

@testable import ModelTraining

/// Losses, gradients and twenty Adam steps at the published sizes, which the golden files hold in part.
@Suite struct FullSizeParityTests {
  @Test(arguments: [("iemocap", "weighted"), ("meld", "unweighted")])
  func gradientsAndTheTrajectoryAgree(name: String, optimised: String) throws {
    let golden = try GoldenTraining(name)
    for weighting in ["unweighted", "weighted"] {
      let result = try #require(try golden.step(weighting)(golden.batch, key: nil))
      try golden.expectLosses(result, weighting)
      try expectGradients(golden.gradients(result), GoldenGradients(golden, weighting))
    }
    try expectTrajectory(golden, optimised)
  }

  private func expectGradients(_ found: [String: [Double]], _ golden: GoldenGradients) throws {
    #expect(Set(golden.order) == Set(found.keys))
    for (index, tensor) in golden.order.enumerated() {
      let gradient = try #require(found[tensor])
      let tolerance = golden.tolerance(index)
      #expect(abs(norm(gradient) - golden.norms[index]) < tolerance * golden.norms[index], "\(tensor): length")
      for sample in 0..<16 {
        let deviation = abs(gradient[sample * gradient.count / 16] - golden.samples[index * 16 + sample])
        #expect(deviation < tolerance * golden.highs[index], "\(tensor): sample \(sample)")
      }
      if let expected = golden.complete(tensor) {
        #expect(distance(gradient, expected) < tolerance * norm(expected), "\(tensor)")
      }
    }
  }

  private func expectTrajectory(_ golden: GoldenTraining, _ weighting: String) throws {
    let trajectory = try #require(golden.manifest.configs[golden.model.name]?.adam[weighting])
    let file = try golden.file("adam")
    let losses = try #require(file.doubles("\(weighting)/losses"))
    let parameters = golden.model.network.parameters
    let start = parameters.all.map { $0.value.copy() }
    let optimiser = Adam(parameters.all)
    var progress = Adam.Progress(parameters: parameters.all.count)
    let step = golden.step(weighting)
    for index in 0...20 {
      let result = try #require(try step(golden.batch, key: nil))
      // Five steps agree as one does. Later some rectifier's input lies so near zero that rounding decides on which side:
      // the published code's single- and double-precision runs part there by as much.
      #expect(abs(result.loss.total - losses[index * 5]) < (index <= 5 ? 1e-6 : 5e-5), "step \(index)")
      guard index < 20 else { break }
      try optimiser.step(
        &progress, rate: Double(trajectory.lr), l2: Double(trajectory.weight_decay), threads: 2,
        gradients: result.gradients)
      if index == 0 { try expectFirstMovements(Movements(golden, weighting, start: start, step: 1), trajectory) }
    }
    try expectLastMovements(Movements(golden, weighting, start: start, step: 20))
  }

  /// Adam's first step is rate · g / (|g| + ε), so how far each element may stray follows from its gradient and from how
  /// far that may.
  private func expectFirstMovements(_ movements: Movements, _ trajectory: Manifest.Trajectory) throws {
    let gradients = try GoldenGradients(movements.golden, movements.weighting)
    let rate = Double(trajectory.lr)
    func share(_ gradient: Double) -> Double { gradient / (abs(gradient) + Double(Adam.epsilon)) }
    for movement in movements.sampled {
      guard let index = gradients.order.firstIndex(of: movement.tensor) else {
        #expect(movement.found == 0, "\(movement.tensor)")
        continue
      }
      let gradient =
        gradients.samples[index * 16 + movement.sample] + Double(trajectory.weight_decay) * Double(movement.start)
      let noise = gradients.tolerance(index) * gradients.highs[index]
      let spread = max(
        share(gradient + noise) - share(gradient), share(gradient) - share(gradient - noise))
      // The weight itself is rounded once, the step by a few parts in ten million.
      let rounding = Double(movement.start.ulp) + 1e-6 * rate
      #expect(
        abs(movement.found - movement.expected) < rounding + spread * rate,
        "\(movement.tensor): sample \(movement.sample)")
    }
  }

  /// Behind a rectifier that rounding decided, elements with small gradients go other ways: those are bounded by share.
  private func expectLastMovements(_ movements: Movements) throws {
    let strays = movements.sampled.map { abs($0.found - $0.expected) / movements.rate }.sorted()
    func quantile(_ share: Double) -> Double { strays[Int(share * Double(strays.count - 1))] }
    #expect(quantile(0.5) < 0.02)
    #expect(quantile(0.9) < 0.05)
    #expect(quantile(0.99) < 0.25)
    for (tensor, deviation) in try movements.lengthDeviations() where !GradientNoise.isZeroInTheory(tensor) {
      #expect(deviation < 0.03, "\(tensor)")
    }
  }
}

/// What the golden file of a full-size configuration holds of its gradients, one row a tensor.
private struct GoldenGradients {
  let order: [String]
  let norms: [Double]
  let highs: [Double]
  /// 16 a tensor.
  let samples: [Double]
  private let errors: [Double]
  private let file: SafetensorsFile
  private let weighting: String

  init(_ golden: GoldenTraining, _ weighting: String) throws {
    let file = try golden.file("grad")
    func row(_ kind: String) throws -> [Double] { try #require(file.doubles("\(weighting)/\(kind)")) }
    order = try #require(golden.manifest.configs[golden.model.name]?.grad.order)
    (norms, highs, samples) = (try row("norm"), try row("absmax"), try row("samples"))
    errors = try row("ref_f32_rel_err")
    self.file = file
    self.weighting = weighting
  }

  func tolerance(_ index: Int) -> Double {
    GradientNoise.tolerance(order[index], reference: errors[index])
  }

  /// All elements of the few tensors that are stored whole.
  func complete(_ tensor: String) -> [Double]? { file.doubles("\(weighting)/full/\(tensor)") }
}

/// How far parameters have moved after some steps, beside the published code's.
private struct Movements {
  struct Sample {
    let tensor: String
    let sample: Int
    let start: Float
    let found: Double
    let expected: Double
  }

  let golden: GoldenTraining
  let weighting: String
  let rate: Double
  /// Sixteen elements of every parameter.
  let sampled: [Sample]
  private let start: [Matrix]

  init(_ golden: GoldenTraining, _ weighting: String, start: [Matrix], step: Int) throws {
    let entry = try #require(golden.manifest.configs[golden.model.name])
    let expected = try #require(try golden.file("adam").doubles("\(weighting)/delta_samples_step\(step)"))
    let parameters = golden.model.network.parameters
    let places = Dictionary(uniqueKeysWithValues: parameters.layouts.enumerated().map { ($1.name, $0) })
    var sampled: [Sample] = []
    for (row, rule) in entry.parameters.enumerated() {
      let index = try #require(places[rule.name])
      let layout = parameters.layouts[index]
      let (now, before) = (layout.filed(parameters.all[index].value), layout.filed(start[index]))
      sampled += (0..<16).map { sample in
        let element = sample * now.count / 16
        return Sample(
          tensor: rule.name, sample: sample, start: before[element],
          found: Double(now[element]) - Double(before[element]),
          expected: expected[row * 16 + sample])
      }
    }
    self.golden = golden
    self.weighting = weighting
    self.sampled = sampled
    self.start = start
    rate = Double(try #require(entry.adam[weighting]).lr)
  }

  /// How far each parameter's movement in twenty steps differs in length, relative to the published code's.
  func lengthDeviations() throws -> [(tensor: String, deviation: Double)] {
    let entry = try #require(golden.manifest.configs[golden.model.name])
    let expected = try #require(try golden.file("adam").doubles("\(weighting)/delta_norm_step20"))
    let order = Dictionary(uniqueKeysWithValues: entry.parameters.enumerated().map { ($1.name, $0) })
    return try zip(golden.model.network.parameters.all, start).map { parameter, before in
      let length = Self.distance(parameter.value, before)
      let published = expected[try #require(order[parameter.name])]
      return (parameter.name, abs(length - published) / max(published, 1e-30))
    }
  }

  /// By the network's own loops, for the sake of speed.
  private static func distance(_ left: Matrix, _ right: Matrix) -> Double {
    let run = Computation()
    func row(_ matrix: Matrix) -> Variable { run.input(Matrix(rows: 1, columns: matrix.count, matrix.values)) }
    let difference = run.add(row(left), run.scaled(row(right), by: -1))
    return Double(run.rowDots(difference, columns: 0..<left.count, difference).value[0, 0]).squareRoot()
  }
}
