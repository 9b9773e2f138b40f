import Presentation

/// The state of the features.
struct HealthSection {
  private let probe: RobustnessFigures

  /// Nil where no utterance was looked at.
  init?(_ probe: RobustnessFigures) {
    guard probe.health.contains(where: { $0.utterances > 0 }) else { return nil }
    self.probe = probe
  }

  private static let listedColumns = 12
  /// A share of strange utterances above this is said in words.
  private static let warningShare = 0.1

  var section: ReportSection {
    let limit = NumberText.fixed(probe.plan.plausibleDeviations, places: 0)
    let table = DataTable(
      "",
      header: [
        "modality", "utterances", "without it", "with strange values", "values not finite", "values out of range",
        "dead columns", "mean", "RMS",
      ],
      rows: probe.health.map { health in
        [
          health.modality.rawValue, NumberText.count(health.utterances), NumberText.count(health.missing),
          NumberText.count(health.suspect), NumberText.count(health.notFinite), NumberText.count(health.outOfRange),
          "\(NumberText.count(health.deadColumns.count)) of \(NumberText.count(health.width))",
          NumberText.fixed(health.mean, places: 2), NumberText.fixed(health.rootMeanSquare, places: 2),
        ]
      })
    var blocks: [ReportBlock] = [.table(table)]
    for health in probe.health where !health.deadColumns.isEmpty {
      let columns = health.deadColumns.prefix(Self.listedColumns).map(String.init).joined(separator: ", ")
      let more = health.deadColumns.count - Self.listedColumns
      blocks.append(
        .warning(
          "Dead columns of \(health.modality.rawValue), counted from 0: \(columns)"
            + (more > 0 ? " and \(NumberText.count(more)) more" : "")
            + ". They held nothing but zeros, and did not in training: the extractor has failed, or is another."))
    }
    for health in probe.health {
      guard let share = health.suspectShare, share > Self.warningShare else { continue }
      blocks.append(
        .warning(
          "\(NumberText.percent(share)) of the utterances have features of \(health.modality.rawValue) unlike the training "
            + "data: the extractor has failed, or is another. Their labels mean little."))
    }
    return ReportSection(
      "Health of the features",
      "Whether the features look like those the model was trained on: values should be finite and within \(limit) "
        + "deviations, the mean near 0 and the root mean square (RMS) near 1; a dead column is zero throughout.", blocks
    )
  }
}

/// Transcripts in a language that the text encoder may not know.
struct UnknownWordsSection {
  private let bundles: [UnknownWordsFigures]

  private static let listed = 30

  /// Nil where it knows them all.
  init?(_ bundles: [UnknownWordsFigures]) {
    guard !bundles.isEmpty else { return nil }
    self.bundles = bundles
  }

  var section: ReportSection {
    let more = bundles.count - Self.listed
    return ReportSection(
      "Health of the words",
      "Transcripts in which the text encoder does not know many of the pieces that words are made of: they may be in a "
        + "language, or an alphabet, that it has not learned.",
      [
        .warning(
          "\(NumberText.count(bundles.count, "transcript")) may be in a language that the encoder does not know: "
            + "the labels may mean nothing."),
        .table(
          DataTable(
            "", header: ["bundle", "utterances", "unknown pieces, %"],
            rows: bundles.prefix(Self.listed).map {
              [$0.bundle, NumberText.count($0.utterances), NumberText.percentage($0.share)]
            }, words: [0])),
      ] + (more > 0 ? [.paragraph("And \(NumberText.count(more)) more.")] : []))
  }
}

/// The dialogues to look at first.
struct UnstableSection {
  private let dialogues: [UnstableDialogue]

  /// Nil where no noise probe ran.
  init?(_ probe: RobustnessFigures) {
    guard !probe.unstable.isEmpty else { return nil }
    dialogues = probe.unstable
  }

  var section: ReportSection {
    ReportSection(
      "Least stable dialogues",
      "Stability is the share of noisy runs that keep a label; these dialogues have the lowest. 'ambq show DIALOGUE' shows "
        + "one turn by turn.",
      [
        .table(
          DataTable(
            "", header: ["dialogue", "bundle", "utterances", "stability, %"],
            rows: dialogues.map {
              [$0.dialogue, $0.bundle, NumberText.count($0.utterances), NumberText.percentage($0.stability)]
            }, words: [0, 1]))
      ])
  }
}

/// What the report was made of.
struct ProvenanceSection {
  let report: NightReport

  var section: ReportSection {
    let provenance = report.provenance
    var rows = [
      ["programs", "ambq \(provenance.version)"],
      ["data", "\(provenance.data), over the digests of \(NumberText.count(report.bundles.scored, "bundle"))"],
      ["configuration", provenance.configuration],
    ]
    if let corrected = provenance.corrected {
      rows.append(["corrections", "counted up to \(TimeText.moment(corrected, report.period.calendar))"])
    }
    for model in report.models {
      rows.append(["model \(model.name)", model.digest])
      for probe in model.probes {
        let plan = probe.plan
        let deviations = probe.modalities.map {
          "\($0.rawValue) \(NumberText.fixed(probe.noiseDeviations[$0], places: 3))"
        }
        rows += [
          ["probe plan \(probe.planDigest)", plan.probes.joined(separator: ", ")],
          ["its noise levels", plan.levels.map { "\($0)" }.joined(separator: ", ")],
          ["its seeds", plan.seeds.map(String.init).joined(separator: ", ")],
          ["what 1σ is", deviations.joined(separator: ", ")],
        ]
      }
    }
    rows.append([
      "bands",
      "\(NumberText.count(provenance.bootstrapResamples)) resamples of dialogues, seed \(provenance.bootstrapSeed)",
    ])
    return ReportSection(
      "What this was made of",
      "The same data, model, settings and version give this same report, to the byte.",
      [.table(DataTable("", header: ["what", "which"], rows: rows, words: [0, 1]))])
  }
}
