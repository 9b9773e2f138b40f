/// Each benchmark's result as figures.

extension RateResult {
  /// - Parameters:
  ///   - work: what was measured, as "scoring".
  ///   - network: which network, as "iemocap, 13,133,234 parameters".
  ///   - aim: the share of the products' rate that was promised.
  public func record(
    _ benchmark: String, work: String, network: String, aim: Double
  ) -> BenchmarkRecord {
    let ways =
      productSeconds.count == 1
      ? ["bare products"] : ["bare products, one thread a product", "bare products, the library's own threads"]
    let limit = BenchmarkFigure.Limit("bare products", productSeconds.map { median($0) }.min() ?? .nan)
    return BenchmarkRecord(
      benchmark,
      settings: [
        "network": network, "dialogues": "\(dialogues)", "utterances": "\(utterances)", "threads": "\(threads)",
        "repetitions": "\(seconds.count)",
      ],
      figures: [
        BenchmarkFigure(work, seconds, unit: "s", better: .less, limit: limit),
        BenchmarkFigure(
          "utterances a second", seconds.map { Double(utterances) / $0 }, unit: "/s", better: .more),
        BenchmarkFigure(
          "linear layers", seconds.map { operations / $0 / 1e9 }, unit: "GFLOP/s", better: .more,
          limit: .init("sgemm at the same shapes", productRate)),
        BenchmarkFigure("share of the sgemm rate", [100 * share], unit: "%", better: .more, aim: 100 * aim),
      ] + zip(ways, productSeconds).map { BenchmarkFigure($0, $1, unit: "s", better: .less) }
        + BenchmarkRecord.megabytes("peak memory", ProcessMemory.peak))
  }
}

extension ProbeBenchmark.Result {
  /// By processor time, which other programs on the machine hardly change; elapsed time beside it.
  public var record: BenchmarkRecord {
    BenchmarkRecord(
      "probes",
      settings: [
        "utterances": "\(utterances)", "levels": "\(levels)", "seeds": "\(seeds)", "threads": "\(threads)",
        "repetitions": "\(cube.count)",
      ],
      figures: [
        BenchmarkFigure("clean pass", clean.map(\.processor), unit: "s", better: .less),
        BenchmarkFigure("probes", [passes()], unit: "clean passes", better: .less, aim: 8.5 * Double(seeds)),
        BenchmarkFigure("probes, elapsed", [passes(by: \.elapsed)], unit: "clean passes", better: .less),
        BenchmarkFigure(
          "arithmetic's share", [100 * arithmeticShare()], unit: "%", better: .less, aim: 5),
        BenchmarkFigure("statistics", [Double(statisticsBytes)], unit: "bytes", better: .less),
      ] + BenchmarkRecord.megabytes("peak memory", ProcessMemory.peak))
  }
}

extension DaemonBenchmark.Result {
  /// - Parameter aim: seconds beyond scoring that were promised; nil where nothing was.
  public func record(aim: Double?) -> BenchmarkRecord {
    BenchmarkRecord(
      "daemon",
      settings: [
        "network": model, "dialogues": "\(dialogues)", "utterances": "\(utterances)",
        "repetitions": "\(arrival.count)",
      ],
      figures: [
        BenchmarkFigure(
          "rename to rows", arrival, unit: "s", better: .less, limit: .init("scoring alone", median(scoring))),
        BenchmarkFigure("scoring alone", scoring, unit: "s", better: .less),
        BenchmarkFigure(
          "beyond scoring", zip(arrival, scoring).map { $0 - $1 }, unit: "s", better: .less, aim: aim),
      ] + BenchmarkRecord.megabytes("memory, idle", idle) + BenchmarkRecord.megabytes("memory, at most", peak))
  }
}

extension FloodBenchmark.Result {
  /// Times a bundle in milliseconds; reading goes on beside the other stages.
  public var record: BenchmarkRecord {
    func each(_ name: String, _ seconds: Double) -> BenchmarkFigure {
      BenchmarkFigure(name, [seconds / Double(bundles) * 1000], unit: "ms a bundle", better: .less)
    }
    return BenchmarkRecord(
      "flood", settings: ["network": model, "bundles": "\(bundles)", "utterances": "\(utterances)"],
      figures: [
        BenchmarkFigure("first rows", [first], unit: "s", better: .less, aim: 1),
        BenchmarkFigure(
          "drain", [Double(bundles) / drain], unit: "bundles a second", better: .more,
          limit: .init("scoring alone", Double(bundles) / scoring), aim: 1000),
        BenchmarkFigure("drain, in tenths", pace, unit: "bundles a second", better: .more),
        each("processor, daemon", processor.daemon), each("processor, readers", processor.readers),
        each("scoring alone", scoring),
      ] + stages.map { each("stage \($0.name)", $0.seconds) } + BenchmarkRecord.megabytes("memory, at most", peak))
  }
}

extension BenchmarkRecord {
  /// Each command as a whole process: its time on the clock and on the processor, and its memory, which can only be told from
  /// the size of the process that started it on.
  public static func queries(
    _ results: [QueryBenchmark.Result], utterances: Int, repetitions: Int
  ) -> BenchmarkRecord {
    BenchmarkRecord(
      "query", settings: ["utterances": "\(utterances)", "repetitions": "\(repetitions)"],
      figures: megabytes("memory is told from", ProcessMemory.peak)
        + results.flatMap { result in
          let name = "ambq " + result.query.arguments.joined(separator: " ")
          return [
            BenchmarkFigure(name, result.seconds, unit: "s", better: .less, aim: result.query.aim),
            BenchmarkFigure("\(name), processor", result.processorSeconds, unit: "s", better: .less),
            BenchmarkFigure(
              "\(name), memory", [Double(result.peakMemory) / 1e6], unit: "MB", better: .less,
              aim: Double(QueryBenchmark.memoryAim) / 1e6),
          ]
        })
  }
}

extension ReportBenchmark.Result {
  /// As a whole process.
  public func record(format: String) -> BenchmarkRecord {
    BenchmarkRecord(
      "report",
      settings: [
        "bundles": "\(bundles)", "utterances": "\(utterances)", "format": format, "repetitions": "\(seconds.count)",
      ],
      figures: [
        BenchmarkFigure("ambq report", seconds, unit: "s", better: .less, aim: 0.5),
        BenchmarkFigure("index", [Double(indexBytes) / 1e6], unit: "MB", better: .less),
      ])
  }
}

extension MergeBenchmark.Result {
  /// As a whole process; the aims are those of ten million utterances in a thousand shards.
  public func record(shards: Int, utterances: Int) -> BenchmarkRecord {
    BenchmarkRecord(
      "merge", settings: ["shards": "\(shards)", "bundles": "\(bundles)", "utterances": "\(utterances)"],
      figures: [
        BenchmarkFigure("writing", [writing * 1000], unit: "ms a bundle in its shard", better: .less, aim: 0.1),
        BenchmarkFigure("writing, processor", [writingProcessor * 1000], unit: "ms", better: .less),
        BenchmarkFigure("ambq merge", [seconds], unit: "s", better: .less, aim: 60),
        BenchmarkFigure("ambq merge, processor", [processorSeconds], unit: "s", better: .less),
        BenchmarkFigure("shards", [Double(shardBytes) / 1e6], unit: "MB", better: .less),
        BenchmarkFigure("index", [Double(indexBytes) / 1e6], unit: "MB", better: .less),
      ] + BenchmarkRecord.megabytes("memory", peak, aim: 1000))
  }
}
