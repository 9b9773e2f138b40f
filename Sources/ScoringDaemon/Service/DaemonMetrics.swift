import Foundation
import NightReports
import OperatingSystem

/// The figures of a run in Prometheus's text format, for its node exporter's textfile collector.
///
/// ```
/// ambq_bundles_total{outcome="scored"} 12
/// ambq_stage_seconds_bucket{stage="score",le="0.1"} 11
/// ```
struct DaemonMetrics {
  /// What takes time on a bundle's way.
  enum Stage: String, CaseIterable {
    case read, score, write
  }

  private struct Histogram {
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
    var counts = [Int](repeating: 0, count: bounds.count + 1)
    var sum = 0.0

    mutating func add(_ seconds: Double) {
      counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
      sum += seconds
    }
  }

  private var stages: [Stage: Histogram] = [:]
  private var utterances = 0

  /// One bundle was scored.
  mutating func add(_ times: StageTimes, utterances: Int) {
    self.utterances += utterances
    for (stage, seconds) in [(Stage.read, times.reading), (.score, times.scoring), (.write, times.writing)] {
      stages[stage, default: Histogram()].add(seconds)
    }
  }

  /// What holds at one moment.
  struct Moment {
    /// Bundles in `incoming` and `active`.
    var waiting = 0
    /// When the oldest of them came; nil where none waits.
    var oldest: Date?
    /// Bundles that wait for another try.
    var deferred = 0
    var isPaused = false
    /// Of the last night that has a report.
    var verdict: Verdict.State?
  }

  /// The file's content.
  ///
  /// - Parameter probes: bundles probed in this run.
  func text(_ tally: DaemonTally, probes: Int, _ moment: Moment, started: Date, at now: Date) -> String {
    var lines: [String] = []
    func family(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
      lines += samples.map { "\(name)\($0.labels) \($0.value)" }
    }
    family(
      "ambq_bundles_total", "counter", "Bundles that came to an end in this run, by what became of them.",
      [
        ("scored", tally.scored), ("unchanged", tally.unchanged), ("failed", tally.failed),
        ("deferred", tally.deferred), ("set_aside", tally.setAside),
      ].map { ("{outcome=\"\($0)\"}", "\($1)") })
    family("ambq_utterances_total", "counter", "Utterances labelled in this run.", [("", "\(utterances)")])
    family("ambq_probes_total", "counter", "Bundles probed in this run.", [("", "\(probes)")])
    family(
      "ambq_bundles", "gauge", "Bundles that wait, by where.",
      [("{state=\"waiting\"}", "\(moment.waiting)"), ("{state=\"deferred\"}", "\(moment.deferred)")])
    family(
      "ambq_oldest_waiting_seconds", "gauge", "For how long the oldest bundle has waited; 0 where none does.",
      [("", "\(moment.oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0)")])
    family(
      "ambq_paused", "gauge", "1 while the queue is paused by trouble of the machine.",
      [("", moment.isPaused ? "1" : "0")])
    family(
      "ambq_night_verdict", "gauge", "1 for what the last night's report says; all 0 while there is none.",
      Verdict.State.allCases.map { ("{verdict=\"\($0.rawValue)\"}", moment.verdict == $0 ? "1" : "0") })
    family(
      "ambq_start_time_seconds", "gauge", "When this run began, in seconds since 1970.",
      [("", "\(Int(started.timeIntervalSince1970))")])
    family(
      "ambq_time_seconds", "gauge", "When these figures were written, in seconds since 1970.",
      [("", "\(Int(now.timeIntervalSince1970))")])
    lines += [
      "# HELP ambq_stage_seconds Seconds of each stage of a scored bundle.", "# TYPE ambq_stage_seconds histogram",
    ]
    for stage in Stage.allCases {
      let histogram = stages[stage] ?? Histogram()
      var below = 0
      for (bound, count) in zip(Histogram.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
        below += count
        lines.append("ambq_stage_seconds_bucket{stage=\"\(stage.rawValue)\",le=\"\(bound)\"} \(below)")
      }
      lines.append("ambq_stage_seconds_sum{stage=\"\(stage.rawValue)\"} \(histogram.sum)")
      lines.append("ambq_stage_seconds_count{stage=\"\(stage.rawValue)\"} \(below)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
