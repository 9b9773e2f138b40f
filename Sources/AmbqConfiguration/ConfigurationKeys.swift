import EvaluationStatistics

extension AmbdConfiguration {
  /// Every key of `ambd.toml`, in the order of the shipped file.
  public static let keys: [ConfigurationKey] =
    [
      .folder("spool", \.spool),
      .file("index", \.index),
      .folder("model", \.model),

      .choice("labels.layout", \.labels.layout),

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

      .choice("log.level", \.log.level),
      .choice("log.format", \.log.format),

      .count("retention.done_days", \.retention.doneDays, in: 0...36_500),

      .number("daemon.heartbeat_seconds", \.daemon.heartbeatSeconds, in: 1...3600),
      .number("daemon.stall_seconds", \.daemon.stallSeconds, in: 10...86_400),
    ] + reportKeys

  /// Conditions between keys, checked when all sources are in.
  ///
  /// - Parameter origins: where values came from, by key path.
  func checkRelations(_ origins: [String: String]) throws {
    do throws(ProbePlanError) {
      _ = try probes.plan()
    } catch {
      let path = "probes.\(error.setting)"
      throw ConfigurationError(
        "wrong value for \(path)", at: origins[path], found: error.found, expected: error.expected)
    }
    guard deferral.limitSeconds >= deferral.startSeconds else {
      throw ConfigurationError(
        "deferral.limit_seconds is below deferral.start_seconds", found: "\(deferral.limitSeconds)",
        expected: "\(deferral.startSeconds) or more")
    }
    guard deferral.giveUpSeconds >= deferral.startSeconds else {
      throw ConfigurationError(
        "deferral.give_up_seconds is below deferral.start_seconds", found: "\(deferral.giveUpSeconds)",
        expected: "\(deferral.startSeconds) or more")
    }
  }
}
