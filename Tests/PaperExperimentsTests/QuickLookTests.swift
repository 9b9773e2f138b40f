import Foundation
import ModelTraining
import Testing

@testable import PaperExperiments

@Suite struct QuickLookTests {
  @Test func aShortenedRecipeBalancesForTheSameShareOfTheTraining() {
    var iemocap = TrainingRecipe(.iemocap)
    iemocap.shorten()
    #expect((iemocap.hidden, iemocap.epochs, iemocap.batchDialogues, iemocap.learningRate) == (64, 20, 4, 5e-4))
    // 60 of 61 epochs would round to 20 of 20: the last one is balanced all the same.
    #expect(iemocap.balancingWarmUp == 19)
    var half = TrainingRecipe(.meld)
    (half.epochs, half.balancingWarmUp) = (100, 50)
    half.shorten()
    #expect(half.balancingWarmUp == 10)
    var meld = TrainingRecipe(.meld)
    meld.shorten()
    #expect(meld.balancingWarmUp == 0 && meld.window == 6)
  }

  @Test func aQuickLookHasFewerSeeds() {
    #expect(Experiment.seeds(isQuick: true).seeds(from: 4) == [4, 5, 6])
    #expect(Experiment.seeds(isQuick: false).seeds(from: 1)?.count == 5)
  }

  @Test func samplesAreTheInstallationsThenTheCheckouts() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-samples-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let program = root.appendingPathComponent("bin/ambtrain")
    func put(_ folder: String, _ names: [String]) throws -> String {
      let url = root.appendingPathComponent(folder)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for name in names { try Data().write(to: url.appendingPathComponent(name)) }
      return url.path
    }
    let checkout = try put("checkout", ["b.h5", "a.h5", "c.h5", "README.md"])
    func find(keepsTest: Bool = true) throws -> SampleBundles {
      try SampleBundles.find(beside: program, keepsTest: keepsTest, checkout: checkout)
    }
    #expect(try find() == SampleBundles(data: ["\(checkout)/a.h5", "\(checkout)/b.h5"], test: ["\(checkout)/c.h5"]))
    #expect(try find(keepsTest: false).data.count == 3 && find(keepsTest: false).test.isEmpty)
    let installed = try put("share/ambq/samples", ["x.h5", "y.h5"])
    #expect(try find() == SampleBundles(data: ["\(installed)/x.h5"], test: ["\(installed)/y.h5"]))
  }

  @Test func tooFewSamplesAreAnError() throws {
    let error = try #require(throws: ExperimentError.self) {
      _ = try SampleBundles.find(
        beside: URL(fileURLWithPath: "/nowhere/bin/ambtrain"), keepsTest: true, checkout: "/nowhere/samples")
    }
    #expect(error.explanation.kind == .missingInput)
    #expect(error.explanation.expected == "/nowhere/share/ambq/samples or /nowhere/samples")
  }

  @Test func anExperimentLeavesALineForEachTraining() {
    let now = ContinuousClock.now
    var progress = ExperimentProgress(RunProgress(isTerminal: false, width: 80, now: now), name: "windows")
    #expect(progress.text(.began(arm: "window 3", seed: 2), now: now).isEmpty)
    #expect(progress.text(.steps(done: 1, of: 4), now: now) == "windows  1/4  25 %  0:00 left  window 3, seed 2\n")
    #expect(
      progress.text(
        .finished(arm: "window 3", seed: 2, accuracy: 0.5, weightedF1: 0.25, number: 1, of: 6), now: now)
        == "1/6  window 3, seed 2: weighted F1 25.00 %, accuracy 50.00 %\n")
    #expect(
      progress.text(.found(arm: "window 6", seed: 2, number: 2, of: 6), now: now)
        == "2/6  window 6, seed 2: finished earlier\n")
  }
}
