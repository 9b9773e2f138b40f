import Foundation
import NightReports
import TestSpools
import Testing

@testable import ScoringDaemon

struct DaemonMetricsTests {
  private let stage: DaemonStage

  init() throws {
    stage = try DaemonStage()
  }

  private func figures(_ url: URL) throws -> [Substring: Double] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
    return Dictionary(
      lines.compactMap { line in
        line.lastIndex(of: " ").flatMap { space in
          Double(line[line.index(after: space)...]).map { (line[..<space], $0) }
        }
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func figuresForPrometheusAreWrittenWithTheHeartbeatAndAtTheEnd() throws {
    let file = stage.place.layout.root.appendingPathComponent("ambq.prom")
    stage.source.configuration.withLock { $0["metrics.file"] = file.path }
    for (name, text) in [("a.h5", "good"), ("b.h5", "bad"), ("c.h5", "busy"), ("d.h5", "good")] {
      try stage.place.put(text, name)
    }
    _ = try stage.daemon().run(once: true)
    let found = try figures(file)
    #expect(found["ambq_bundles_total{outcome=\"scored\"}"] == 1)
    #expect(found["ambq_bundles_total{outcome=\"unchanged\"}"] == 1)
    #expect(found["ambq_bundles_total{outcome=\"failed\"}"] == 1)
    #expect(found["ambq_bundles_total{outcome=\"deferred\"}"] == 1)
    #expect(found["ambq_bundles{state=\"deferred\"}"] == 1 && found["ambq_bundles{state=\"waiting\"}"] == 0)
    #expect(found["ambq_utterances_total"] == 4 && found["ambq_paused"] == 0)
    for name in DaemonMetrics.Stage.allCases.map(\.rawValue) {
      #expect(found["ambq_stage_seconds_count{stage=\"\(name)\"}"] == 1)
      #expect(found["ambq_stage_seconds_bucket{stage=\"\(name)\",le=\"+Inf\"}"] == 1)
    }
  }

  @Test func aHistogramCountsWhatIsBelowEachBound() throws {
    var metrics = DaemonMetrics()
    metrics.add(StageTimes(), utterances: 3)
    let text = metrics.text(
      DaemonTally(), probes: 0,
      DaemonMetrics.Moment(
        waiting: 1, oldest: Date(timeIntervalSince1970: 40), isPaused: true, verdict: .broken),
      started: Date(timeIntervalSince1970: 1), at: Date(timeIntervalSince1970: 100))
    #expect(text.contains("\nambq_oldest_waiting_seconds 60.0\n"))
    #expect(text.contains("\nambq_night_verdict{verdict=\"broken\"} 1\n"))
    #expect(text.ranges(of: /ambq_night_verdict\{verdict="[a-z]+"\} 0\n/).count == Verdict.State.allCases.count - 1)
    #expect(text.contains("ambq_stage_seconds_bucket{stage=\"read\",le=\"0.005\"} 1\n"))
    #expect(text.contains("# TYPE ambq_stage_seconds histogram\n") && text.contains("\nambq_paused 1\n"))
  }

  @Test func whatHasFailedLongAgoIsDeletedWithItsReportWhenAsked() throws {
    try stage.place.put("x", "old.h5", in: \.failed)
    try stage.place.put("{}", "old.h5.error.json", in: \.failed)
    #expect(try stage.place.spool.removeFailed(olderThan: 0, at: .distantFuture) == 0)
    #expect(try stage.place.spool.removeFailed(olderThan: 1, at: Date()) == 0)
    #expect(try stage.place.spool.removeFailed(olderThan: 1, at: Date().addingTimeInterval(90_000)) == 1)
    #expect(try stage.place.names(\.failed).isEmpty)
  }
}
