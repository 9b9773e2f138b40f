import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import Testing

@testable import ScoringDaemon

struct ReloadTests {
  let stage: DaemonStage

  init() throws {
    stage = try DaemonStage()
  }

  private func run(before change: @escaping () -> Void) throws {
    stage.world.at(0) { [stage] in try stage.rename("good", "1.h5") }
    stage.world.at(10) {
      change()
      return [.signal(SIGHUP)]
    }
    stage.world.at(20) { [stage] in try stage.rename("good too", "2.h5") }
    stage.world.stop(at: 30)
    #expect(try stage.daemon().run(once: false) == 0)
  }

  @Test func aNewModelAndConfigurationAreTakenUp() throws {
    try run { [stage] in
      stage.source.model.withLock { $0 = .success(TinyModel.model("model-2")) }
      stage.source.configuration.withLock { $0["labels.layout"] = "jsonl" }
    }
    #expect(try stage.index.rows().map(\.model) == ["model-1", "model-2"])
    #expect(try stage.place.names(\.labels) == ["1.tsv", "2.jsonl"])
    #expect(stage.log.count(of: "msg=\"reloaded\"") == 1)
  }

  @Test func aBadModelIsLoggedAndTheOldOneKept() throws {
    try run { [stage] in
      stage.source.model.withLock {
        $0 = .failure(FakeError(explanation: Explanation(.data, "the tensors are damaged", remedy: "Copy it again.")))
      }
      stage.source.configuration.withLock { $0["labels.layout"] = "jsonl" }
    }
    #expect(try stage.index.rows().map(\.model) == ["model-1", "model-1"])
    // Nothing of the new configuration is taken either.
    #expect(try stage.place.names(\.labels) == ["1.tsv", "2.tsv"])
    #expect(stage.log.count(of: "not reloaded, all stays as it was: the tensors are damaged") == 1)
  }

  @Test func aBadConfigurationIsLoggedAndTheOldOneKept() throws {
    try run { [stage] in stage.source.configuration.withLock { $0["labels.layout"] = "xml" } }
    #expect(try stage.place.names(\.labels) == ["1.tsv", "2.tsv"])
    #expect(stage.log.count(of: "not reloaded") == 1)
  }

  @Test func anotherSpoolFolderWaitsForARestart() throws {
    try run { [stage] in stage.source.configuration.withLock { $0["spool"] = "/nowhere" } }
    #expect(try stage.place.names(\.done) == ["1.h5", "2.h5"])
    #expect(stage.log.count(of: "the spool folder and the index are taken at start only") == 1)
  }
}
