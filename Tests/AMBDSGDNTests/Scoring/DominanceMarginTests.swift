import DialogueDomain
import Tensors
import Testing

@testable import AMBDSGDN

@Suite struct DominanceMarginTests {
  @Test func twoModalitiesByHand() throws {
    // Equal weights give 3 − 1 = 2 in favour of class 0; weights w and 1 − w give 3w − (1 − w), zero at w = 1/4.
    let margin = try #require(
      DominanceMargin.margin([.text: [3, 0], .audio: [0, 1]], label: 0))
    #expect(abs(margin - 0.25) < 1e-12)
  }

  @Test func theNearestRivalCounts() throws {
    // Against class 1 the shift is 1/4 as above; against class 2, 3w − 2(1 − w) is zero at w = 2/5.
    let margin = try #require(
      DominanceMargin.margin([.text: [3, 0, 0], .audio: [0, 1, 2]], label: 0))
    #expect(abs(margin - 0.1) < 1e-12)
  }

  @Test func weightIsTakenFromSeveralModalitiesWhereOneIsNotEnough() throws {
    // d = −4, −1, +2: all of text (1/3) leaves (0 − 1/3 + 4/3) ≥ 0 long before; −1 + 6δ = 0 at δ = 1/6.
    let branches: [Modality: [Float]] = [.text: [4, 0], .visual: [1, 0], .audio: [0, 2]]
    #expect(abs(try #require(DominanceMargin.margin(branches, label: 0)) - 1.0 / 6) < 1e-12)
    // d = −6, −3, +1: text's third gains 7/3 of the 8/3 that are missing, visual the rest at 4 each: 1/3 + 1/12.
    let harder: [Modality: [Float]] = [.text: [6, 0], .visual: [3, 0], .audio: [0, 1]]
    #expect(abs(try #require(DominanceMargin.margin(harder, label: 0)) - 5.0 / 12) < 1e-12)
  }

  @Test func aLabelThatEveryModalityAgreesOnHasNoMargin() {
    #expect(DominanceMargin.margin([.text: [3, 0], .audio: [1, 0]], label: 0) == nil)
    #expect(DominanceMargin.margin([.text: [3, 0]], label: 0) == nil)
    #expect(DominanceMargin.margin([:], label: 0) == nil)
    #expect(DominanceMargin.margin([.text: [3], .audio: [1]], label: 0) == nil)
  }

  @Test func aSearchOverTheSimplexFindsTheSameShift() throws {
    let steps = 120
    var compared = 0
    for sample in 0..<60 {
      let draws = CounterBasedRandom.standardNormal(CounterBasedRandom.key(UInt64(sample)), count: 12)
      let branches: [Modality: [Float]] = [
        .text: Array(draws[0..<4]), .visual: Array(draws[4..<8]), .audio: Array(draws[8..<12]),
      ]
      func fused(_ weights: [Double]) -> [Double] {
        (0..<4).map { index -> Double in
          var sum = 0.0
          for (branch, weight) in weights.enumerated() { sum += weight * Double(draws[branch * 4 + index]) }
          return sum
        }
      }
      let sums = fused([1, 1, 1])
      let label = sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
      var nearest: Double?
      for text in 0...steps {
        for visual in 0...(steps - text) {
          let weights = [text, visual, steps - text - visual].map { Double($0) / Double(steps) }
          let found = fused(weights)
          guard found.contains(where: { $0 > found[label] }) else { continue }
          let shift = weights.reduce(0) { $0 + abs($1 - 1.0 / 3) } / 2
          nearest = min(nearest ?? 1, shift)
        }
      }
      let margin = DominanceMargin.margin(branches, label: label)
      guard let nearest else { continue }
      compared += 1
      let found = try #require(margin)
      #expect(found <= nearest + 1e-9 && nearest - found < 3.0 / Double(steps), "sample \(sample)")
    }
    #expect(compared > 30)
  }
}

@Suite struct ModalitySharesTests {
  @Test func sharesAreTheCentredLogitsOfTheLabel() {
    // Centred: text 3 − 1 = 2, audio 1.5 − 0.5 = 1, visual speaks against.
    let shares = ModalityShares.shares(
      [.text: [3, 0, 0], .audio: [1.5, 0, 0], .visual: [-1, 0, 1]], label: 0)
    #expect(shares == [.text: 2.0 / 3, .audio: 1.0 / 3, .visual: 0])
  }

  @Test func aConstantOnEveryClassChangesNothing() {
    let plain = ModalityShares.shares([.text: [3, 0, 0], .audio: [1.5, 0, 0]], label: 0)
    #expect(ModalityShares.shares([.text: [13, 10, 10], .audio: [1.5, 0, 0]], label: 0) == plain)
  }

  @Test func silentBranchesShareEqually() {
    #expect(ModalityShares.shares([.text: [1, 1], .audio: [0, 0]], label: 1) == [.text: 0.5, .audio: 0.5])
    #expect(ModalityShares.shares([.text: [5]], label: 0) == [.text: 1])
  }
}
