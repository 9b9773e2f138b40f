import AMBDSGDN
import GoldenData
import Tensors
import Testing

@testable import ModelTraining

/// Twenty Adam steps on one batch of the tiny configurations against the published code's.
@Suite struct AdamParityTests {
  @Test(arguments: [("tiny", "unweighted"), ("tiny", "weighted"), ("tiny9", "unweighted"), ("tiny9", "weighted")])
  func everyTinyParameterEndsWhereThePublishedOneDoes(name: String, weighting: String) throws {
    let golden = try GoldenTraining(name)
    let trajectory = try #require(golden.manifest.configs[name]?.adam[weighting])
    let file = try golden.file("adam")
    let parameters = golden.model.network.parameters
    let optimiser = Adam(parameters.all)
    var progress = Adam.Progress(parameters: parameters.all.count)
    let step = golden.step(weighting)
    let losses = try #require(file.doubles("\(weighting)/losses"))
    // As far as the published code's own single-precision run strays, and half as far again.
    let lossTolerance = 1.5 * trajectory.loss_ref_f32_vs_f64_maxabs
    let tolerance = 3 * (trajectory.param_ref_f32_vs_f64_worst5.values.max() ?? 0)
    for index in 0..<20 {
      let result = try #require(try step(golden.batch, key: nil))
      #expect(abs(result.loss.total - losses[index * 5]) < lossTolerance, "step \(index)")
      try optimiser.step(
        &progress, rate: Double(trajectory.lr), l2: Double(trajectory.weight_decay), threads: 1,
        gradients: result.gradients)
    }
    for tensor in parameters.tensors {
      let expected = try #require(file.doubles("\(weighting)/step20/\(tensor.name)"))
      let worst = zip(tensor.values, expected).map { abs(Double($0) - $1) }.reduce(0, max)
      #expect(worst < tolerance, "\(tensor.name)")
    }
  }

  @Test func aParameterWithoutGradientStaysAndCountsNoStep() throws {
    let parameter = Parameter(name: "w", value: Matrix(rows: 1, columns: 2, [1, 2]))
    let optimiser = Adam([parameter])
    var progress = Adam.Progress(parameters: 1)
    try optimiser.step(&progress, rate: 0.1, l2: 0.1, threads: 1, gradients: [[]])
    #expect(parameter.value.values == [1, 2])
    #expect(progress.steps == [0])
  }
}
