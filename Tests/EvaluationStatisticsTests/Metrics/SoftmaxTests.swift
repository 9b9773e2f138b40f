import EvaluationStatistics
import Foundation
import Testing

@Suite struct SoftmaxTests {
  @Test func probabilitiesFollowTheFormula() {
    let softmax = Softmax([2, 0, 1], temperature: 2)
    let total = exp(1.0) + exp(0) + exp(0.5)
    for (probability, exponential) in zip(softmax.probabilities, [exp(1.0), exp(0), exp(0.5)]) {
      #expect(close(Double(probability), exponential / total, within: 1e-7))
    }
    #expect(close(softmax.logProbability(of: 2), 0.5 - log(total)))
  }

  @Test func greatLogitsNeitherOverflowNorLoseTheLeast() {
    let softmax = Softmax([3e4, -3e4], temperature: 0.01)
    #expect(softmax.probabilities == [1, 0])
    #expect(close(softmax.logProbability(of: 1), -6e6))
  }

  @Test func amongEqualLogitsTheFirstIsTheLabel() {
    #expect(argmax([1, 3, 3]) == 1)
    #expect(argmax([-2]) == 0)
    #expect(argmax([-Float.infinity, -.infinity]) == 0)
    #expect(argmax([0, 1, 2, 0][1..<4]) == 1)
  }
}
