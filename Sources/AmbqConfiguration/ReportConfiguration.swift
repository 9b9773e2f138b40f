import Foundation

extension AmbdConfiguration {
  /// The nightly report: when, where it stays, and what counts as a bad night.
  public struct Report: Sendable, Equatable {
    /// Whether the daemon writes reports by itself.
    public var enabled = true
    /// When a night ends, in local time.
    public var at = ClockTime(hour: 2)
    /// Reports older than this are removed; 0 keeps them for ever.
    public var keepDays = 0
    /// The JSON report of another model that effective robustness is measured against; empty: none.
    public var baseline = ""

    public init() {}

    // Limits. Each default can never be broken, so that it checks nothing.
    public var leastWeightedF1 = 0.0
    public var leastConfidence = 0.0
    public var mostFlips = 1.0
    public var mostDrift = 1.0
    public var mostTrainingDrift = 1.0
    public var mostFailed = 1.0
    public var mostUnhealthy = 1.0
  }

  static let reportKeys: [ConfigurationKey] = [
    .flag("report.enabled", \.report.enabled),
    .time("report.at", \.report.at),
    .count("report.keep_days", \.report.keepDays, in: 0...36_500),
    .file("report.baseline", \.report.baseline),
    .number("report.least_weighted_f1", \.report.leastWeightedF1, in: 0...1),
    .number("report.least_confidence", \.report.leastConfidence, in: 0...1),
    .number("report.most_flips", \.report.mostFlips, in: 0...1),
    .number("report.most_drift", \.report.mostDrift, in: 0...1),
    .number("report.most_training_drift", \.report.mostTrainingDrift, in: 0...1),
    .number("report.most_failed", \.report.mostFailed, in: 0...1),
    .number("report.most_unhealthy", \.report.mostUnhealthy, in: 0...1),
  ]

  /// The keys that shape a report, as they are set, one a line.
  public var reportSettings: String {
    Self.keys.filter { $0.path.hasPrefix("report.") || $0.path.hasPrefix("probes.") }
      .map { "\($0.path) = \($0.value(self))\n" }.joined()
  }
}

extension ConfigurationKey {
  static func time(_ path: String, _ field: Field<ClockTime>) -> Self {
    Self(path: path, expected: "a time of day such as \"02:00\"", choices: []) {
      "\"\($0[keyPath: field].text)\""
    } accept: { configuration, value, _ in
      guard let time = value.asText.flatMap(ClockTime.init) else { return false }
      configuration[keyPath: field] = time
      return true
    }
  }

  /// A file that may be left out: empty text.
  static func file(_ path: String, _ field: Field<String>) -> Self {
    Self(path: path, expected: "the path of a file, with no leading ~, or \"\" for none", choices: []) {
      "\"\($0[keyPath: field])\""
    } accept: { configuration, value, folder in
      guard let text = value.asText, !text.hasPrefix("~") else { return false }
      configuration[keyPath: field] =
        text.isEmpty
        ? "" : URL(fileURLWithPath: text, isDirectory: false, relativeTo: folder).standardizedFileURL.path
      return true
    }
  }
}
