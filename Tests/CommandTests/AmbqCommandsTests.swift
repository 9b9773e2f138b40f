import Foundation
import ResultIndex
import Testing

struct AmbqCommandsTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test func showDrawsOneLinePerTurn() throws {
    let result = try ambq("show", "dev-0")
    #expect(result.status == 0)
    #expect(result.lines[0] == "dev-0  friday.h5, scored 22 Nov 19:40 by meld-minilm")
    #expect(result.lines[1] == "7 utterances · 4 speakers · 0:29 · mostly anger 2, neutral 2, joy 1")
    #expect(result.lines[2] == "5 of 7 labels agree with the truth")
    #expect(result.lines[4] == "TURN  TIME  SPEAKER       EMOTION   CONFIDENCE     TEXT/VISUAL/AUDIO     TRUTH")
    #expect(result.lines[7] == "   2  0:08  Müller, Jörg  anger     0.55 ████▍     tttttvaa  60  10  30  ≠ joy")
    #expect(result.lines.count == 12)
  }

  @Test func showTellsWhereADialogueIsInSeveralBundles() throws {
    let result = try ambq("show", "dev-1")
    #expect(result.status == 0)
    #expect(result.output.contains("dev-1  friday.h5") && result.output.contains("dev-1  saturday.h5"))
    #expect(
      result.errors
        == "ambq: 2 bundles hold a dialogue 'dev-1': friday.h5, saturday.h5. Choose one with --bundle.\n")
    let one = try ambq("show", "dev-1", "--bundle", "saturday.h5")
    #expect(!one.output.contains("friday.h5") && one.errors.isEmpty)
    // A bundle without labels has no column for them.
    #expect(!one.output.contains("TRUTH"))
  }

  @Test func showCorrectsAMistypedDialogue() throws {
    let result = try ambq("show", "dev1")
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors == "ambq: nothing found: no dialogue is called 'dev1'; did you mean 'dev-1'?\n")
  }

  @Test func showGivesRowsInOtherFormats() throws {
    let rows = try objects(try ambq("show", "dev-0", "--format", "json").output)
    #expect(rows.map { $0["turn"] as? Int } == Array(0..<7))
    #expect(try ambq("show", "dev-0", "--format", "csv").lines.count == 8)
  }

  @Test func statsCountEmotionsSpeakersAndBundles() throws {
    let statistics = try object(try ambq("stats", "--format", "json").output)
    #expect(statistics["utterances"] as? Int == 59)
    let emotions = try #require(statistics["emotions"] as? [[String: Any]])
    #expect(emotions.first?["emotion"] as? String == "neutral" && emotions.first?["count"] as? Int == 17)
    #expect(emotions.compactMap { $0["count"] as? Int }.reduce(0, +) == 59)
    let bundles = try #require(statistics["bundles"] as? [[String: Any]])
    #expect(bundles.map { $0["count"] as? Int } == [30, 21, 8])
    let speakers = try #require(statistics["speakers"] as? [[String: Any]])
    #expect(speakers.compactMap { $0["count"] as? Int }.reduce(0, +) == 59)
    let agreement = try #require(statistics["agreement"] as? [String: Any])
    #expect(agreement["utterances"] as? Int == 38)
    let accuracy = try #require(agreement["accuracy"] as? Double)
    #expect(abs(accuracy - 28.0 / 38) < 1e-12)
    let unlabelled = try object(try ambq("stats", "--bundle", "saturday.h5", "--format", "json").output)
    #expect(unlabelled["agreement"] is NSNull)
  }

  @Test func statsPictureHasBarsAndTakesFilters() throws {
    let result = try ambq("stats", "--speaker", "Ross")
    #expect(result.lines[0].hasPrefix("12 utterances of 3 bundles, scored 22 Nov 19:40 to 22 Nov 20:40"))
    #expect(result.output.contains("██████"))
    let none = try ambq("stats", "--speaker", "Ross", "--since", "2026-11-25")
    #expect(none.status == 1 && none.errors.contains("without --since there would be some"))
    let top = try ambq("stats", "--top", "1")
    #expect(top.output.contains("… 3 more speakers") && top.output.contains("… 2 more bundles"))
  }

  @Test func bundlesTellStateAndReason() throws {
    let rows = try objects(try ambq("bundles", "--format", "json").output)
    #expect(rows.map { $0["state"] as? String } == ["scored", "scored", "scored", "failed", "deferred"])
    #expect(rows[1]["bundle"] as? String == "friday.h5" && rows[1]["bundle_title"] as? String == "friday.h5 (2a2a2a2a)")
    #expect(
      rows[3]["reason"] as? String == "broken's.h5: /text: the feature width is not the model's; found 100; "
        + "expected 384. Extract the text features again with all-MiniLM-L6-v2/384.")
    #expect(try ambq("bundles", "--state", "failed").lines.count == 2)
    #expect(try ambq("bundles", "--bundle", "fri*", "--format", "csv").lines.count == 3)
    let largest = try objects(try ambq("bundles", "--sort", "-utterances", "--limit", "1", "--format", "json").output)
    #expect(largest.first?["utterances"] as? Int == 30)
    #expect(try ambq("bundles", "--since", "2030").status == 1)
  }

  @Test func errorsTellHowToRequeueInWordsThatAShellTakes() throws {
    let rows = try objects(try ambq("errors", "--format", "json").output)
    #expect(rows.count == 2)
    #expect(rows[0]["found"] as? String == "100" && rows[0]["expected"] as? String == "384")
    #expect(rows[1]["requeue"] is NSNull)
    let requeue = try #require(rows[0]["requeue"] as? String)
    #expect(try AmbqProgram().shell(requeue).status == 0)
    let incoming = try FileManager.default.contentsOfDirectory(
      atPath: spool.root.appendingPathComponent("incoming").path)
    #expect(incoming.contains("broken's.h5"))
    let text = try ambq("errors", "--format", "table").output
    #expect(text.contains("to do     Extract the text features again") && text.contains("no longer in failed/"))
  }

  @Test func errorsAreGoneOnceTheBundleIsScored() throws {
    let writer = try IndexWriter(spool.index)
    try spool.record(writer, "copying.h5", seed: 6, dialogues: ["dev-8"], after: 7900)
    try spool.record(writer, "broken's.h5", seed: 5, dialogues: ["dev-9"], after: 8000)
    let result = try ambq("errors")
    #expect(result.status == 1 && result.errors == "ambq: no bundle waits for mending\n")
    #expect(try ambq("errors", "--all").lines.count == 3)
  }

  @Test func statusTellsTheQueueTheDaemonAndTheIndex() throws {
    let status = try object(try ambq("status", "--format", "json").output)
    let queue = try #require(status["queue"] as? [String: [String: Any]])
    // What accompanies a bundle or is still being written is none.
    #expect(
      queue.mapValues { $0["count"] as? Int } == [
        "incoming": 1, "active": 0, "deferred": 1, "hold": 0, "failed": 1, "done": 0,
      ])
    #expect((status["daemon"] as? [String: Any])?["state"] as? String == "never")
    let index = try #require(status["index"] as? [String: Any])
    #expect(index["utterances"] as? Int == 59 && index["failures"] as? Int == 2)
  }

  @Test func statusKnowsADaemonThatRunsStopsOrDies() throws {
    let writer = try IndexWriter(spool.index)
    func state(_ change: (inout DaemonHeartbeat) -> Void) throws -> String {
      var heartbeat = DaemonHeartbeat(
        processID: 1, host: DaemonHeartbeat.thisHost, started: Date(), beat: Date(), modelName: "m",
        modelDigest: "0123456789", spool: spool.root.path, version: "1")
      change(&heartbeat)
      try writer.recordHeartbeat(heartbeat)
      let status = try object(try ambq("status", "--format", "json").output)
      return (status["daemon"] as? [String: Any])?["state"] as? String ?? ""
    }
    // Process 1 is alive, but it is no ambd.
    #expect(try state { _ in } == "dead")
    #expect(try ambq("status").status == 69)
    #expect(try state { $0.stopped = Date() } == "stopped")
    #expect(try ambq("status").status == 69)
    #expect(try state { $0.host = "another" } == "elsewhere")
    let daemon = try FakeDaemon(in: spool.root)
    defer { daemon.end() }
    #expect(try state { $0.processID = daemon.processID } == "running")
    #expect(try ambq("status").status == 0)
    #expect(try state { ($0.processID, $0.beat) = (daemon.processID, Date() - 3600) } == "silent")
  }

  @Test func statusNeedsNoIndexButASpool() throws {
    try FileManager.default.removeItem(at: spool.index)
    let result = try ambq("status")
    #expect(result.status == 69 && result.output.contains("none yet"))
    #expect(try ambq("status", "--spool", "/nowhere").status == 66)
  }
}

/// A process whose name is `ambd`: a copy of `sleep`.
private struct FakeDaemon {
  let processID: Int32

  /// - Parameter folder: where the copy may lie.
  init(in folder: URL) throws {
    // It must not hold on to the descriptors by which Foundation learns that other tests' processes have ended.
    let script = """
      cp /bin/sleep ./ambd
      (for each in /proc/self/fd/*; do n=${each##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done
       exec ./ambd 60 > /dev/null 2>&1) &
      until [ "$(cat /proc/$!/comm)" = ambd ]; do sleep 0.01; done
      echo $!
      """
    let result = try AmbqProgram().shell("cd '\(folder.path)' && /bin/bash -c '\(script)'")
    processID = try #require(Int32(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  func end() {
    kill(processID, SIGKILL)
  }
}
