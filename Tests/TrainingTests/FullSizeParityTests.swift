import DSGDN
import GoldenData
import Numerics
import Testing

@testable import Training

/// Losses, gradients and twenty Adam steps at the published sizes, which the golden files hold in part.
@Suite struct FullSizeParityTests {
  @Test(arguments: [("iemocap", "weighted"), ("meld", "unweighted")])
  func gradientsAndTheTrajectoryAgree(name: String, optimised: String) throws {
    let golden = try GoldenTraining(name)
    for weighting in ["unweighted", "weighted"] {
      let result = try #require(try golden.step(weighting)(golden.batch, key: nil))
      try golden.expectLosses(result, weighting)
      try expectGradients(golden, golden.gradients(result), weighting)
    }
    try expectTrajectory(golden, optimised)
  }

  private func expectGradients(_ golden: GoldenTraining, _ found: [String: [Double]], _ weighting: String) throws {
    let file = try golden.file("grad")
    let order = try #require(golden.manifest.configs[golden.model.name]?.grad.order)
    #expect(Set(order) == Set(found.keys))
    func row(_ kind: String) throws -> [Double] { try #require(file.doubles("\(weighting)/\(kind)")) }
    let (norms, highs, samples) = (try row("norm"), try row("absmax"), try row("samples"))
    let errors = try row("ref_f32_rel_err")
    let floor = 1e-6 * norm(norms)
    for (index, tensor) in order.enumerated() {
      let gradient = try #require(found[tensor])
      // Twenty times what single precision costs the published code itself, and never less than a part in ten thousand.
      let tolerance = max(1e-4, 20 * min(errors[index], 1e-3))
      #expect(abs(norm(gradient) - norms[index]) / max(norms[index], floor) < tolerance, "\(tensor): length")
      for sample in 0..<16 {
        let deviation = abs(gradient[sample * gradient.count / 16] - samples[index * 16 + sample])
        #expect(deviation / max(highs[index], floor) < tolerance, "\(tensor): sample \(sample)")
      }
    }
    let complete = "\(weighting)/full/"
    for key in file.entries.keys.sorted() where key.hasPrefix(complete) {
      let expected = try #require(file.doubles(key))
      let gradient = try #require(found[String(key.dropFirst(complete.count))])
      #expect(distance(gradient, expected) / max(norm(expected), floor) < 3e-4, "\(key)")
    }
  }

  private func expectTrajectory(_ golden: GoldenTraining, _ weighting: String) throws {
    let entry = try #require(golden.manifest.configs[golden.model.name])
    let trajectory = try #require(entry.adam[weighting])
    let file = try golden.file("adam")
    let losses = try #require(file.doubles("\(weighting)/losses"))
    let parameters = golden.model.network.parameters
    let start = parameters.all.map { $0.value.copy() }
    let optimiser = Adam(parameters.all)
    var progress = Adam.Progress(parameters: parameters.all.count)
    let step = golden.step(weighting)
    for index in 0...20 {
      let result = try #require(try step(golden.batch, key: nil))
      let expected = losses[index * 5]
      // The loss falls by about one over the twenty steps.
      #expect(abs(result.loss.total - expected) < 2e-4, "step \(index)")
      guard index < 20 else { break }
      try optimiser.step(
        &progress, rate: Double(trajectory.lr), l2: Double(trajectory.weight_decay), threads: 2,
        gradients: result.gradients)
      if index == 0 {
        try expectMovements("delta_samples_step1", strayShare: 0.005, golden, file, weighting, start: start)
      }
    }
    try expectMovements("delta_samples_step20", strayShare: 0.15, golden, file, weighting, start: start)
  }

  /// Sampled movements of every parameter since the start.
  ///
  /// Adam's step is nearly the gradient's sign times the rate, so where a gradient is little more than rounding, the
  /// step is as well, and later steps inherit it: the published code's single- and double-precision runs differ in the
  /// same way. So the share of elements that stray by more than a twentieth of the rate is bounded, not each of them.
  private func expectMovements(
    _ kind: String, strayShare: Double, _ golden: GoldenTraining, _ file: SafetensorsFile, _ weighting: String,
    start: [Matrix]
  ) throws {
    let entry = try #require(golden.manifest.configs[golden.model.name])
    let rate = Double(try #require(entry.adam[weighting]).lr)
    let samples = try #require(file.doubles("\(weighting)/\(kind)"))
    let parameters = golden.model.network.parameters
    let places = Dictionary(uniqueKeysWithValues: parameters.layouts.enumerated().map { ($1.name, $0) })
    var strays = 0
    for (row, rule) in entry.parameters.enumerated() {
      let index = try #require(places[rule.name])
      let layout = parameters.layouts[index]
      let (now, before) = (layout.filed(parameters.all[index].value), layout.filed(start[index]))
      for sample in 0..<16 {
        let element = sample * now.count / 16
        let moved = Double(now[element]) - Double(before[element])
        if abs(moved - samples[row * 16 + sample]) > 0.05 * rate { strays += 1 }
      }
    }
    #expect(Double(strays) < strayShare * Double(samples.count), "\(kind): \(strays) of \(samples.count)")
  }
}
