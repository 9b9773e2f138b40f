import Testing

@testable import Tensors

/// Every operation's way back against finite differences, and every build of the loops against the first.
@Suite struct OperationGradientTests {
  @Test(arguments: OperationCatalogue.entries)
  func gradientsAreTheDerivatives(_ entry: OperationCatalogue.Entry) {
    for (input, deviation) in entry.make().deviations().enumerated() {
      #expect(deviation < 2e-4, "\(entry.name): input \(input)")
    }
  }

  @Test(arguments: OperationCatalogue.entries)
  func everyBuildOfTheLoopsAgrees(_ entry: OperationCatalogue.Entry) throws {
    let check = entry.make()
    let baseline = check.gradients(Kernels.all[0])
    for kernels in Kernels.all.dropFirst() {
      let other = check.gradients(kernels)
      #expect(deviation(other.value, baseline.value) < 2e-6, "\(entry.name) on \(kernels.name)")
      for (input, (found, expected)) in zip(other.gradients, baseline.gradients).enumerated() {
        let (found, expected) = (try #require(found), try #require(expected))
        #expect(deviation(found, expected) < 5e-6, "\(entry.name): gradient of input \(input) on \(kernels.name)")
      }
    }
  }

  @Test func aWrongGradientIsSeen() {
    let check = GradientCheck([GradientCheck.random(3, 8, seed: 1)]) { run, inputs in
      let doubled = run.scaled(inputs[0], by: 2)
      return run.result(doubled.value, of: inputs) { dy in
        let gradient = inputs[0].gradientToAddTo()
        for index in 0..<24 { gradient[index] += 2.01 * dy[index] }
      }
    }
    #expect(check.deviations()[0] > 1e-3)
  }

  @Test func theUntrainedRowOfATableReceivesNothing() throws {
    let check = GradientCheck([GradientCheck.random(2, 3, seed: 1), GradientCheck.random(2, 3, seed: 2)]) {
      $0.addingRows(
        $1[0], constant: Matrix(rows: 1, columns: 3), positions: [0, 0], table: $1[1], slots: [0, 1], untrained: 1)
    }
    let gradient = try #require(check.gradients().gradients[1])
    #expect(gradient.row(1) == [0, 0, 0])
    #expect(gradient.row(0).allSatisfy { $0 != 0 })
  }

  @Test func aValueThatNothingElseHoldsStillPassesItsGradientOn() throws {
    let tape = GradientTape()
    let run = Computation(tape: tape)
    let x = run.leaf(Matrix(rows: 1, columns: 2, [1, 2]))
    let seed = Matrix(rows: 1, columns: 2, [1, 1])
    tape.backward(from: [(run.scaled(run.scaled(run.scaled(x, by: 2), by: 3), by: 5), seed)])
    #expect(try #require(x.gradient).values == [30, 30])
  }

  @Test func withoutATapeNothingIsRecorded() {
    let run = Computation()
    let x = run.leaf(Matrix(rows: 1, columns: 2, [1, 2]))
    #expect(!run.scaled(x, by: 2).requiresGradient)
  }

  private func deviation(_ found: Matrix, _ expected: Matrix) -> Double {
    let scale = Double(expected.values.map(abs).max() ?? 0)
    return zip(found.values, expected.values).map { Double(abs($0 - $1)) }.reduce(0, max) / max(scale, 1e-6)
  }
}
