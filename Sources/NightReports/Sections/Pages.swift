import DialogueDomain
import EvaluationStatistics
import Presentation

extension NightReport {
  /// The report as a page that stands alone: it leads to no other page.
  public var page: ReportPage { page(amongNights: false) }

  /// The report as a page.
  ///
  /// - Parameter amongNights: whether it lies in the folder of the nights, and leads to the pages there.
  public func page(amongNights: Bool) -> ReportPage {
    let calendar = period.calendar
    let date = amongNights && filter == nil ? period.date : nil
    let span = "\(TimeText.moment(period.start, calendar)) to \(TimeText.moment(period.end, calendar))"
    var sections = [headlines, EmotionSection(figures: emotions, calendar: calendar).section]
    sections.append(
      contentsOf: WorkSection(
        bundles: bundles, failures: failures, calendar: calendar, lacksFailures: lacksFailures
      ).sections)
    if let corrections { sections.append(CorrectionSection(corrections: corrections).section) }
    if let words = UnknownWordsSection(unknownWords) { sections.append(words.section) }
    if models.count > 1 {
      sections.append(
        ReportSection(
          "Several models", "Figures of different models do not add up, so each model has sections of its own.",
          [.table(modelTable)]))
    }
    for model in models {
      sections += model.sections(lacksProbes: filter?.lacksProbes ?? false).map { section in
        var section = section
        if models.count > 1 {
          section.belongsTo =
            ["model \(model.name) (\(model.digest.prefix(8)))", section.belongsTo].compactMap { $0 }
            .joined(separator: ", ")
        }
        return section
      }
    }
    sections.append(ProvenanceSection(report: self).section)
    return ReportPage(
      title: (period.date.map { "Morning report of \($0)" } ?? "Report")
        + (filter.map { ", only \($0.options)" } ?? ""),
      subtitle: "\(span), \(period.timeZone)", note: filter?.line, verdict: (verdict.state, verdict.plainLine),
      parent: date.map { _ in ("index.html", "All nights") },
      opening: morning.map {
        MorningSections(morning: $0, date: date, since: knownSince, lacksFailures: lacksFailures).sections
      } ?? [],
      sections: sections)
  }

  private var lacksFailures: Bool { filter?.lacksFailures ?? false }

  /// Until when people's corrections are counted, where that is after the period: an earlier report of it knew less.
  private var knownSince: String? {
    provenance.corrected.flatMap { $0 >= period.end ? TimeText.moment($0, period.calendar) : nil }
  }

  /// The figures that the verdict goes by.
  ///
  /// Without any limit, the keys that would set them stand where the limits would.
  private var headlines: ReportSection {
    let hasLimits = verdict.checks.contains { $0.limit != nil }
    let rows = verdict.checks.map { check in
      let change = check.value.flatMap { value in check.previous.map { value - $0 } }
      let limit = check.limit.map { "\(check.isLeast ? "≥" : "≤") \(check.text($0))" } ?? "none"
      let state =
        switch check.state {
        case .held: "holds"
        case .broken: "BROKEN"
        case .unknown: "no figure"
        case .unset: ""
        }
      return [
        check.name, check.text(check.value), check.text(check.previous),
        change.map {
          check.isDivergence ? NumberText.fixed($0, places: 3, signed: true) : NumberText.percentage($0, signed: true)
        } ?? "–",
      ] + (hasLimits ? [limit, state] : [String(check.key.trimmingPrefix("report."))])
    }
    return ReportSection(
      "At a glance",
      "The figures that limits can be set for, beside those of the night before; "
        + (hasLimits
          ? "limits are set under [report] in ambd.toml."
          : filter?.isUnjudged == true
            ? "utterances that are chosen by their labels are held against none. The last column names each limit's key."
            : "the last column names the key under [report] in ambd.toml that sets a limit."),
      verdict.broken.map { ReportBlock.warning("\($0.capitalizedFirst)") } + [
        .table(
          DataTable(
            "",
            header: ["figure", "this night", "night before", "change"]
              + (hasLimits ? ["limit", ""] : ["limit is set by"]),
            rows: rows, words: hasLimits ? [0, 5] : [0, 4]))
      ])
  }

  private var modelTable: DataTable {
    DataTable(
      "Models of this period", header: ["model", "digest", "bundles", "utterances"],
      rows: models.map {
        [$0.name, String($0.digest.prefix(12)), NumberText.count($0.bundles), NumberText.count($0.utterances)]
      }, words: [0, 1])
  }
}

extension ModelFigures {
  /// The sections of one model: its labels, then its probes.
  ///
  /// - Parameter lacksProbes: whether the report's filter leaves all probes out.
  func sections(lacksProbes: Bool) -> [ReportSection] {
    var sections = [DriftSection(model: self).section]
    if let quality { sections.append(QualitySection(quality: quality, emotions: emotions).section) }
    if let doubt { sections.append(DoubtSection(doubt: doubt).section) }
    for (index, probe) in probes.enumerated() {
      sections += probe.sections.map { section in
        var section = section
        if probes.count > 1 {
          section.belongsTo =
            "probe plan \(index + 1) of \(probes.count), \(NumberText.count(probe.utterances, "utterance"))"
        }
        return section
      }
    }
    if probes.isEmpty {
      sections.append(
        ReportSection(
          "Robustness", "How far the labels can be trusted under noise and missing modalities.",
          [
            .paragraph(
              lacksProbes
                ? "Left out: probes are kept for whole bundles, and this report is of some of their utterances."
                : "No bundle of this model has been probed, so there is nothing to show here.")
          ]))
    }
    return sections
  }
}

extension RobustnessFigures {
  /// Everything the probes found, section by section; also for a labelled set evaluated offline.
  public var sections: [ReportSection] {
    [
      noise.map { NoiseSection(noise: $0, probe: self).section }, grid.flatMap { GridSection($0, self)?.section },
      SensitivitySection(self)?.section, weights.map { WeightSection(weights: $0, probe: self).section },
      missing.map { MissingSection(missing: $0).section }, CertaintySection(certainty)?.section,
      HealthSection(self)?.section, UnstableSection(self)?.section,
    ].compactMap { $0 }
  }
}

extension ReportPage {
  /// The probes of a labelled set evaluated offline: the paper's Figures 7 and 8 among them.
  ///
  /// - Parameters:
  ///   - model: the model's name.
  ///   - titles: the names of bundles by digest.
  public init(evaluationOf model: String, _ statistics: ProbeStatistics, titles: [String: String] = [:]) {
    let figures = RobustnessFigures(statistics, titles: titles)
    let emotions = statistics.shape?.emotions ?? EmotionSet([])
    let quality = QualityFigures(TruthComparison(emotions, confusion: statistics.clean.truth))
    self.init(
      title: "Robustness of \(model)",
      subtitle:
        "\(NumberText.count(statistics.bundles, "bundle")), \(NumberText.count(statistics.dialogues, "dialogue")), "
        + "\(NumberText.count(statistics.utterances, "utterance")); model \(statistics.shape?.modelDigest.prefix(12) ?? "")",
      sections: (quality.map { [QualitySection(quality: $0, emotions: emotions.names).section] } ?? [])
        + (figures?.sections ?? []))
  }
}
