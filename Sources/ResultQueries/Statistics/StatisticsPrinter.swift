import Presentation
import ResultIndex

/// Prints statistics in each format.
public struct StatisticsPrinter {
  private let statistics: Statistics
  private let console: ResultConsole

  /// Prints statistics in the console's form.
  public init(_ statistics: Statistics, _ console: ResultConsole) {
    self.statistics = statistics
    self.console = console
  }

  /// Prints in the console's format.
  ///
  /// - Parameter top: how many speakers and bundles a table shows at most; 0 for all.
  /// - Throws: `OutputError`.
  public func print(top: Int) throws {
    switch console.format {
    case .table: if statistics.utterances > 0 { try draw(top: top == 0 ? .max : top) }
    case .json, .jsonl: try writeJSON()
    case .csv: try writeDelimited(.csv)
    case .tsv: try writeDelimited(.tsv)
    }
  }

  /// Tables with bars, for people.
  private func draw(top: Int) throws {
    try console.line(title)
    try console.line()
    try drawEmotions()
    try console.line()
    try drawShares("SPEAKER", of: .speaker, top: top, noun: "speaker")
    try console.line()
    try drawShares("BUNDLE", of: .bundle, top: top, noun: "bundle")
    let hasDoubt = !statistics.doubt.isEmpty
    if statistics.truth.hasTruth || statistics.stability != nil || hasDoubt { try console.line() }
    if let stability = statistics.stability {
      try console.line(
        "\(NumberText.count(stability.utterances, "probed label")): mean stability \(NumberText.decimal(stability.mean))"
      )
    }
    let truth = statistics.truth
    if truth.hasTruth {
      let figures =
        truth.utterances == 0
        ? "no figure"
        : "accuracy \(figure(truth.accuracy)), weighted F1 \(figure(truth.weightedF1)), "
          + "macro F1 \(figure(truth.macroF1))"
      try console.wrapped("\(NumberText.count(truth.utterances, "known label")): \(figures)")
    }
    if let apart = truth.apartInWords { try console.wrapped(apart) }
    if let doubt = statistics.doubt.inWords { try console.wrapped(doubt) }
  }

  private func figure(_ share: Double?) -> String { share.map { NumberText.percent($0, places: 1) } ?? "no figure" }

  private var title: String {
    var text = console.styled(NumberText.count(statistics.utterances, "utterance"), .bold)
    text += " of \(NumberText.count(statistics.bundles, "bundle"))"
    if let period = statistics.period {
      let (first, last) = (TimeText.local(period.first), TimeText.local(period.last))
      text += first == last ? ", scored \(first)" : ", scored \(first) to \(last)"
    }
    return text
  }

  private func drawEmotions() throws {
    let barWidth = max(10, min(40, console.width - 50))
    let largest = statistics.emotions.map(\.share).max() ?? 1
    let rows = statistics.emotions.map { emotion in
      let style = Palette.style(ofEmotion: emotion.name)
      return [
        Table.Cell(emotion.name, style), Table.Cell(NumberText.count(emotion.count)),
        Table.Cell(NumberText.percent(emotion.share)),
        Table.Cell(Bar.padded(emotion.share / max(largest, .leastNormalMagnitude), width: barWidth), style),
        Table.Cell(NumberText.decimal(emotion.meanConfidence)),
      ]
    }
    let columns = [
      Table.Column("EMOTION", shrinksTo: 8), Table.Column("COUNT", .right), Table.Column("SHARE", .right),
      Table.Column("", droppable: 1), Table.Column("MEAN CONFIDENCE", .right),
    ]
    try console.print(columns, rows)
  }

  private func drawShares(_ heading: String, of owner: ShareOwner, top: Int, noun: String) throws {
    var table = SampledTable(
      console,
      [
        Table.Column(heading, shrinksTo: 10), Table.Column("COUNT", .right), Table.Column("SHARE", .right),
        Table.Column("MOSTLY", shrinksTo: 12),
      ])
    let count = try statistics.forEachShare(of: owner, limit: top) { share, tally in
      try table.append([
        Table.Cell(share.name), Table.Cell(NumberText.count(tally.total)),
        Table.Cell(NumberText.percent(Double(tally.total) / Double(statistics.utterances))),
        Table.Cell(tally.summary),
      ])
    }
    try table.finish()
    if top < count {
      try console.line(console.styled("… \(NumberText.count(count - top, "more \(noun)"))", .faint))
    }
  }

  /// One object, whose keys ambq(1) lists.
  private func writeJSON() throws {
    var json = JSONText()
    try json.object { json in
      json.member("utterances", statistics.utterances)
      json.member("mean_confidence", statistics.utterances > 0 ? statistics.meanConfidence : nil)
      json.member("mean_stability", statistics.stability?.mean)
      json.member("probed", statistics.stability?.utterances ?? 0)
      json.member("first_scored", statistics.period.map { TimeText.iso($0.first) })
      json.member("last_scored", statistics.period.map { TimeText.iso($0.last) })
      json.array("emotions") { json in
        for emotion in statistics.emotions {
          json.object { json in
            json.member("emotion", emotion.name)
            json.member("count", emotion.count)
            json.member("share", emotion.share)
            json.member("mean_confidence", emotion.meanConfidence)
          }
        }
      }
      try json.array("speakers") { try shares(of: .speaker, &$0) }
      try json.array("bundles") { try shares(of: .bundle, &$0) }
      json.key("agreement")
      let truth = statistics.truth
      if truth.hasTruth {
        json.object { json in
          json.member("utterances", truth.utterances)
          json.member("accuracy", truth.accuracy)
          json.member("weighted_f1", truth.weightedF1)
          json.member("macro_f1", truth.macroF1)
          json.member("unjudged", truth.unanswered)
          json.key("other_emotions")
          json.object { json in
            for (name, count) in truth.otherEmotions.sorted(by: { $0.key < $1.key }) { json.member(name, count) }
          }
        }
      } else {
        json.null()
      }
      doubt(&json)
    }
    json.endLine(separated: false)
    try console.drain(&json.bytes)
  }

  private func doubt(_ json: inout JSONText) {
    let doubt = statistics.doubt
    json.key("doubt")
    guard !doubt.isEmpty else {
      json.null()
      return
    }
    json.object { json in
      json.member("labels", doubt.labels)
      json.member("certain", doubt.certain)
      json.member("promised_risk", doubt.promise?.risk)
      json.member("risk", doubt.keptRisk)
      json.member("promised_coverage", doubt.promise?.coverage)
      json.member("coverage", doubt.keptCoverage)
      json.member("mean_set_size", doubt.meanSetSize)
    }
  }

  private func shares(of owner: ShareOwner, _ json: inout JSONText) throws {
    try statistics.forEachShare(of: owner) { share, tally in
      json.object { json in
        json.member(owner.name, share.name)
        if owner == .bundle {
          json.member("bundle_digest", share.bundleDigest)
          json.member("model", share.modelName)
        }
        json.member("count", tally.total)
        json.object("emotions") { json in
          for (name, count) in tally.leading { json.member(name, count) }
        }
      }
      try console.drain(&json.bytes)
    }
  }

  /// One record per emotion in all, and per emotion of each speaker and bundle.
  private func writeDelimited(_ flavour: DelimitedText.Flavour) throws {
    var text = DelimitedText(flavour)
    text.record(["group", "name", "emotion", "count", "share", "mean_confidence"])
    for emotion in statistics.emotions {
      record("all", "", emotion.name, emotion.count, of: statistics.utterances, emotion.meanConfidence, &text)
    }
    for owner in [ShareOwner.speaker, .bundle] {
      try statistics.forEachShare(of: owner) { share, tally in
        for (name, count) in tally.leading { record(owner.name, share.name, name, count, of: tally.total, nil, &text) }
        try console.drain(&text.bytes)
      }
    }
    try console.drain(&text.bytes)
  }

  private func record(
    _ group: String, _ name: String, _ emotion: String, _ count: Int, of total: Int, _ confidence: Double?,
    _ text: inout DelimitedText
  ) {
    text.field(group)
    text.field(name)
    text.field(emotion)
    text.field(count)
    text.field(Double(count) / Double(max(1, total)))
    text.field(confidence)
    text.endRecord()
  }
}

extension ShareOwner {
  /// What the output calls it.
  fileprivate var name: String {
    switch self {
    case .speaker: "speaker"
    case .bundle: "bundle"
    }
  }
}
