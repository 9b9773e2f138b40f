import AMBDSGDN
import GoldenData
import Testing

@testable import ModelTraining

/// Losses and every parameter's gradient against the published code's float64 run, all dropouts at zero.
@Suite struct GradientParityTests {
  static let weightings = ["unweighted", "weighted"]

  @Test(arguments: ["tiny", "tiny9"], weightings)
  func lossesAndEveryElementOfEveryGradientAgree(name: String, weighting: String) throws {
    let golden = try GoldenTraining(name)
    let file = try golden.file("grad")
    let result = try #require(try golden.step(weighting)(golden.batch, key: nil))
    try golden.expectLosses(result, weighting)
    let found = golden.gradients(result)
    let stored = file.entries.keys.filter { $0.hasPrefix("\(weighting)/") }
    #expect(stored.count == found.count)
    for key in stored.sorted() {
      let expected = try #require(file.doubles(key))
      let tensor = String(key.dropFirst(weighting.count + 1))
      let gradient = try #require(found[tensor])
      if GradientNoise.isZeroInTheory(tensor) {
        let weight = try #require(file.doubles(key.replacing("linear_k.bias", with: "linear_k.weight")))
        #expect(norm(gradient) < 3e-7 * norm(weight), "\(key)")
      } else {
        // λ is one number, and so is its gradient's rounding.
        let tolerance = tensor.contains(".lambda_") ? 1e-4 : 2e-5
        #expect(distance(gradient, expected) < tolerance * norm(expected), "\(key)")
      }
    }
  }

  @Test func parametersOutsideTheLossHaveNoGradient() throws {
    // The encoder's first layer holds a norm that it does not use; the published file lists it all the same.
    let golden = try GoldenTraining("tiny")
    let found = golden.gradients(try #require(try golden.step("weighted")(golden.batch, key: nil)))
    let unused = golden.model.network.parameters.layouts.map(\.name).filter { found[$0] == nil }
    #expect(
      Set(unused)
        == Set(
          ["a_a", "v_v"].flatMap { branch in
            ["weight", "bias"].map { "\(branch).transformer_inter.0.layer_norm.\($0)" }
          }))
  }

  @Test func neitherTheCutNorTheThreadsChangeTheGradient() throws {
    let golden = try GoldenTraining("tiny9")
    let one = try #require(try golden.step("weighted", threads: 1)(golden.batch, key: 5))
    let three = try #require(try golden.step("weighted", threads: 3)(golden.batch, key: 5))
    let whole = try GoldenTraining("tiny9", cut: [0..<7])
    let uncut = try #require(try whole.step("weighted")(whole.batch, key: 5))
    var compared = 0
    for (index, layout) in golden.model.network.parameters.layouts.enumerated() {
      let bytes = (one.gradient(index)?.values, three.gradient(index)?.values)
      #expect(bytes.0 == bytes.1, "\(layout.name)")
      guard let left = bytes.0, let right = uncut.gradient(index)?.values else { continue }
      compared += 1
      let scale = max(norm(left.map(Double.init)), 1e-5)
      #expect(distance(left.map(Double.init), right.map(Double.init)) / scale < 1e-4, "\(layout.name)")
    }
    #expect(compared > golden.model.network.parameters.layouts.count / 2)
  }
}
