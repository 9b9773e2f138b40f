import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

struct ProbeTests {
  private let folder: TemporaryFolder
  private let writer: IndexWriter
  private let noon = Date(timeIntervalSince1970: 1_800_000_000)

  init() throws {
    folder = try TemporaryFolder()
    writer = try IndexWriter(folder.index)
  }

  private func bundle(_ name: String, model: String = "first") -> ScoredBundle {
    var source = SyntheticBundles(seed: 7)
    return source.bundle(
      name, digest: SyntheticBundles.digest(name), model: model, dialogues: 2, turns: 2...2)
  }

  private func request(_ plan: String = "plan", file: String = "done/friday.h5", skip: String? = nil) -> ProbeRequest {
    ProbeRequest(plan: plan, file: file, skipReason: skip, time: noon)
  }

  private func record(_ bundle: ScoredBundle, after seconds: Double = 0, _ probe: ProbeRequest?) throws {
    let scoring = SyntheticBundles.scoring(at: noon.addingTimeInterval(seconds), name: bundle.name)
    _ = try writer.record(bundle, scoring, probe: probe)
  }

  private func again(_ bundle: ScoredBundle, _ probe: ProbeRequest?, labelled: Bool = true) throws -> Bool {
    try writer.recordAgain(
      name: bundle.name, bundleDigest: bundle.digest, modelDigest: bundle.modelDigest, probe: probe,
      hasLabels: { _ in labelled }) != nil
  }

  private func finish(_ stability: [Double?] = [1, 0.5, 0.25, nil]) throws {
    let probe = try #require(try writer.nextPendingProbe())
    try writer.recordProbe(probe, stability: stability, statistics: Data([1, 2]), seconds: 2.5, at: noon + 9)
  }

  private func probes() throws -> [IndexedProbe] {
    var probes: [IndexedProbe] = []
    try IndexReader(folder.index).forEachProbe { probes.append($0) }
    return probes
  }

  @Test func aProbeIsAskedForWithTheScoringAndFillsInStability() throws {
    let friday = bundle("friday.h5")
    try record(friday, request())
    let probe = try #require(try writer.nextPendingProbe())
    #expect(probe.name == "friday.h5" && probe.bundleDigest == friday.digest)
    #expect(probe.modelDigest == friday.modelDigest && probe.plan == "plan" && probe.file == "done/friday.h5")
    #expect(probe.labelFile == "labels/friday.h5.tsv")
    #expect(try probes().map(\.state) == [.pending] && probes()[0].statistics == nil)

    try finish()
    let done = try probes()[0]
    #expect(done.state == .done && done.statistics == Data([1, 2]) && done.seconds == 2.5)
    #expect(done.time == noon + 9 && done.reason == nil)
    let reader = try IndexReader(folder.index)
    #expect(try reader.utterances(UtteranceQuery()).map(\.stability) == [1, 0.5, 0.25, nil])
    // Summed over dialogues, whose means are kept, and over utterances: 1, 0.5 and 0.25 in all, 0.25 in the second dialogue.
    let all = try #require(try reader.stability(UtteranceQuery()))
    #expect(abs(all.mean - 1.75 / 3) < 1e-12 && all.utterances == 3)
    var second = UtteranceQuery()
    second.dialogues = ["friday-1"]
    let one = try #require(try reader.stability(second))
    #expect(one.mean == 0.25 && one.utterances == 1)
    #expect(try writer.nextPendingProbe() == nil)
  }

  @Test func probesComeInTheOrderOfTheirScoringsAndAreCountedByState() throws {
    try record(bundle("a.h5"), request())
    try record(bundle("b.h5"), after: 1, request())
    try record(bundle("c.h5"), after: 2, request(skip: "too many wait"))
    try record(bundle("d.h5"), after: 3, nil)
    try record(bundle("e.h5"), after: 4, request())
    try finish()
    let second = try #require(try writer.nextPendingProbe())
    #expect(second.name == "b.h5")
    try writer.skipProbe(second, reason: "gone", at: noon)
    #expect(try writer.nextPendingProbe()?.name == "e.h5" && writer.pendingProbes() == 1)
    #expect(try probes().map(\.state) == [.done, .skipped, .skipped, nil, .pending])
    #expect(try probes().map(\.reason) == [nil, "gone", "too many wait", nil, nil])
    let reader = try IndexReader(folder.index)
    let all = try reader.probeCounts()
    #expect(all.done == 1 && all.skipped == 2 && all.unasked == 1 && all.pending == 1 && all.bundles == 5)
    #expect(try reader.probeCounts(since: noon + 1, until: noon + 3).bundles == 2)
    #expect(try reader.forEachProbe(since: noon + 1, until: noon + 3) { _ in } == 2)
  }

  @Test func theSameBytesAgainAreProbedAgainOnlyByAnotherPlan() throws {
    let friday = bundle("friday.h5")
    try record(friday, request())
    try finish()
    #expect(try again(friday, request()))
    #expect(try probes()[0].state == .done)
    #expect(try again(friday, request("deeper", file: "done/again.h5")))
    #expect(try writer.nextPendingProbe()?.plan == "deeper" && writer.nextPendingProbe()?.file == "done/again.h5")
    // What the first plan found stays until the second has its own.
    #expect(try probes()[0].statistics == Data([1, 2]))
    try finish([0, 0, 0, 0])
    #expect(try probes()[0].state == .done && probes()[0].plan == "deeper")
    #expect(try again(friday, nil))
    #expect(try probes()[0].state == .done)
  }

  @Test func aSkippedProbeIsAskedForWhenTheBytesComeAgain() throws {
    let friday = bundle("friday.h5")
    try record(friday, request(skip: "too many wait"))
    #expect(try again(friday, request()))
    #expect(try probes()[0].state == .pending && probes()[0].reason == nil)
    // One that waits goes on waiting, however many others do.
    #expect(try again(friday, request(skip: "too many wait")))
    #expect(try probes()[0].state == .pending && probes()[0].reason == nil)
  }

  @Test func labelsThatMustBeWrittenAgainNeedTheirProbeAgain() throws {
    let friday = bundle("friday.h5")
    try record(friday, request())
    try finish()
    #expect(try !again(friday, request(skip: "too many wait"), labelled: false))
    #expect(try probes()[0].state == .pending)
    try finish()
    try record(friday, request())
    #expect(try probes()[0].state == .pending)
  }

  @Test func anotherModelsScoringTakesAPendingProbesPlace() throws {
    try record(bundle("friday.h5"), request())
    let stale = try #require(try writer.nextPendingProbe())
    let second = bundle("friday.h5", model: "second")
    try record(second, after: 1, request())
    #expect(try writer.nextPendingProbe()?.modelDigest == second.modelDigest && writer.pendingProbes() == 1)
    // What was under way when that happened comes too late.
    #expect(try !writer.isPending(stale))
    #expect(try !writer.recordProbe(stale, stability: [1, 1, 1, 1], statistics: Data(), seconds: 1, at: noon))
    try writer.skipProbe(stale, reason: "gone", at: noon)
    #expect(try IndexReader(folder.index).utterances(UtteranceQuery()).allSatisfy { $0.stability == nil })
    try finish()
    // The first model's turn again: its scoring is current, and its labels want a probe.
    try record(bundle("friday.h5"), after: 2, request())
    #expect(try writer.nextPendingProbe()?.modelDigest == stale.modelDigest)
  }

  @Test func aProbeOfAnotherShapeChangesNothing() throws {
    try record(bundle("friday.h5"), request())
    let error = #expect(throws: IndexError.self) { try finish([1]) }
    #expect(error?.explanation.found == "1" && error?.explanation.expected == "4")
    #expect(try probes()[0].state == .pending)
  }

  @Test func emotionTimesAddUpToTheCounts() throws {
    try record(bundle("a.h5"), nil)
    try record(bundle("b.h5"), after: 3600, nil)
    let reader = try IndexReader(folder.index)
    let times = try reader.emotionTimes()
    #expect(times.reduce(0) { $0 + $1.count } == 8)
    #expect(times.map(\.scored) == times.map(\.scored).sorted() && Set(times.map(\.scored)) == [noon, noon + 3600])
    for total in try reader.emotionTotals(UtteranceQuery()) {
      let parts = times.filter { $0.emotion == total.emotion }
      #expect(parts.reduce(0) { $0 + $1.count } == total.count)
      #expect(parts.reduce(0) { $0 + $1.confidenceSum } == total.confidenceSum)
    }
    #expect(try reader.emotionTimes(UtteranceQuery(since: noon + 1)).reduce(0) { $0 + $1.count } == 4)
  }
}
