import DialogueDomain
import EvaluationStatistics
import Foundation
import TypedSettings

extension AmbdConfiguration {
  /// Every key of `ambd.toml`, in the order of the shipped file.
  public static let keys = SettingTable<AmbdConfiguration>(
    of: "configuration", listedIn: "ambd.toml(5)", namedBy: "--config or AMBD_CONFIG",
    keys: [
      .folder("spool", \.spool),
      .file("index", \.index),
      .folder("model", \.model),
      .file("encoder", \.encoder, kind: "folder"),

      .flag("keep.text", \.keep.text),
      .choice("labels.layout", \.labels.layout),
      .field(
        "labels.aliases", \.labels.aliases, expected: "an array of texts of the form \"happy=joy\", one meaning a word",
        wrapped: { .list($0.map { .text($0) }) },
        unwrapped: { value, _ in
          guard let aliases = value.asList?.map(\.asText), !aliases.contains(nil) else { return nil }
          let words = aliases.compactMap { $0 }
          return (try? EmotionMatching(aliases: words)) == nil ? nil : words
        }),

      .choice("watch.mode", \.watch.mode),
      .number("watch.settle_seconds", \.watch.settleSeconds, in: 0...3600),
      .number("watch.rescan_seconds", \.watch.rescanSeconds, in: 1...86_400),
      .number("watch.poll_seconds", \.watch.pollSeconds, in: 0.1...3600),

      .number("deferral.start_seconds", \.deferral.startSeconds, in: 0.1...86_400),
      .number("deferral.factor", \.deferral.factor, in: 1...10),
      .number("deferral.limit_seconds", \.deferral.limitSeconds, in: 0.1...86_400),
      .number("deferral.give_up_seconds", \.deferral.giveUpSeconds, in: 1...31_536_000),

      .count("disk.free_mib", \.disk.freeMebibytes, in: 0...1_048_576),

      .count("scoring.threads", \.scoring.threads, in: 0...1024),
      .flag("scoring.strict", \.scoring.strict),
      .choice("scoring.precision", \.scoring.precision),

      .flag("probes.enabled", \.probes.enabled),
      .choices("probes.kinds", \.probes.kinds),
      .numbers("probes.levels", \.probes.levels, in: 0...100),
      .counts("probes.seeds", \.probes.seeds),
      .numbers("probes.missing_rates", \.probes.missingRates, in: 0...1),
      .number("probes.gap_share", \.probes.gapShare, in: 0...1),
      .count("probes.backlog", \.probes.backlog, in: 0...1_000_000_000),
      .number("probes.share_under_load", \.probes.shareUnderLoad, in: 0...1),
      .count("probes.threads", \.probes.threads, in: 0...1024),

      .flag("reader.isolated", \.reader.isolated),
      .number("reader.time_limit_seconds", \.reader.timeLimitSeconds, in: 0...86_400),
      .count("reader.memory_limit_mib", \.reader.memoryLimitMebibytes, in: 0...1_048_576),

      .count("limits.utterances", \.limits.utterances, in: 0...1_000_000_000),
      .count("limits.dialogue_utterances", \.limits.dialogueUtterances, in: 0...1_000_000_000),

      .choice("log.level", \.log.level),
      .choice("log.format", \.log.format),

      .count("retention.done_days", \.retention.doneDays, in: 0...36_500),
      .count("retention.failed_days", \.retention.failedDays, in: 0...36_500),

      .file("metrics.file", \.metrics.file),

      .number("daemon.heartbeat_seconds", \.daemon.heartbeatSeconds, in: 1...3600),
      .number("daemon.stall_seconds", \.daemon.stallSeconds, in: 10...86_400),

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

      .texts("notify.command", \.notify.command, expected: "an array of texts: a program, then its arguments"),
      .field(
        "notify.webhook", \.notify.webhook,
        expected: "an address that begins with http:// or https://, or \"\" for none",
        wrapped: { .text($0) },
        unwrapped: { value, _ in
          guard let text = value.asText else { return nil }
          let isAddress = text.hasPrefix("http://") || text.hasPrefix("https://")
          // What curl is told is a line.
          let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != " " }
          return text.isEmpty || isAddress && isPlain ? text : nil
        }),
      .choices("notify.events", \.notify.events),
      .number("notify.time_limit_seconds", \.notify.timeLimitSeconds, in: 1...3600),
      .count("notify.tries", \.notify.tries, in: 1...100),
      .number("notify.retry_seconds", \.notify.retrySeconds, in: 0.1...3600),
      .number("notify.interval_seconds", \.notify.intervalSeconds, in: 0...86_400),
    ])

  /// Conditions between keys, checked when all sources are in.
  ///
  /// - Parameter origins: where values came from, by key path.
  /// - Throws: `SettingError` for the first that does not hold.
  func checkRelations(_ origins: [String: String]) throws {
    do throws(ProbePlanError) {
      _ = try probes.plan()
    } catch {
      let path = "probes.\(error.setting)"
      throw SettingError(
        "wrong value for \(path)", at: origins[path], found: error.found, expected: error.expected)
    }
    guard deferral.limitSeconds >= deferral.startSeconds else {
      throw SettingError(
        "deferral.limit_seconds is below deferral.start_seconds", found: "\(deferral.limitSeconds)",
        expected: "\(deferral.startSeconds) or more")
    }
    guard deferral.giveUpSeconds >= deferral.startSeconds else {
      throw SettingError(
        "deferral.give_up_seconds is below deferral.start_seconds", found: "\(deferral.giveUpSeconds)",
        expected: "\(deferral.startSeconds) or more")
    }
    guard notify.command.isEmpty || notify.webhook.isEmpty else {
      throw SettingError(
        "notify.command and notify.webhook are both set", at: origins["notify.webhook"], expected: "one of the two",
        remedy: "A command can do both.")
    }
  }

  /// The keys that shape a report, as they are set, one a line.
  public var reportSettings: String {
    Self.keys.filter { $0.path.hasPrefix("report.") || $0.path.hasPrefix("probes.") }
      .map { "\($0.path) = \($0.value(self).written)\n" }.joined()
  }
}

extension SettingKey where Record == AmbdConfiguration {
  /// The environment variable that sets this key: `AMBD_`, then the path in capitals with underscores.
  public var environmentVariable: String {
    "AMBD_" + path.uppercased().replacing(".", with: "_")
  }

  /// A folder.
  static func folder(_ path: String, _ field: Field<URL>) -> Self {
    .field(path, field, expected: "the path of a folder, with no leading ~", wrapped: { .text($0.path) }) {
      value, folder in
      guard let text = value.asText, !text.isEmpty, !text.hasPrefix("~") else { return nil }
      return AmbdConfiguration.location(text, in: folder)
    }
  }

  /// A file or folder that may be left out: empty text.
  static func file(_ path: String, _ field: Field<String>, kind: String = "file") -> Self {
    let expected = "the path of a \(kind), with no leading ~, or \"\" for none"
    return .field(path, field, expected: expected, wrapped: { .text($0) }) { value, folder in
      guard let text = value.asText, !text.hasPrefix("~") else { return nil }
      if text.isEmpty { return "" }
      return URL(fileURLWithPath: text, isDirectory: false, relativeTo: folder).standardizedFileURL.path
    }
  }

  /// A time of day.
  static func time(_ path: String, _ field: Field<ClockTime>) -> Self {
    .field(path, field, expected: "a time of day such as \"02:00\"", wrapped: { .text($0.text) }) { value, _ in
      value.asText.flatMap(ClockTime.init)
    }
  }
}
