import DialogueDomain
import Foundation
import Presentation

/// Something that is not as it was in the nights before, or as the limits ask, in plain words.
public struct UnusualFigure: Codable, Sendable, Equatable {
  /// The configuration's key of a broken limit, or `emotion`, `confidence`, `doubt`, `words`, `unlabelled`, `probes`, `arrivals`.
  public var key: String
  /// What is unusual, in words.
  public var line: String

  /// A share of labels that moved by less is not said to have moved.
  static let leastShift = 0.05
  /// Nor is one that grew or shrank by less than this factor.
  static let leastFactor = 1.5
  /// A difference within so many of its standard deviations may be chance.
  private static let chanceDeviations = 3.0

  static func all(_ sources: NightSources, _ verdict: Verdict, _ models: [ModelFigures]) -> [UnusualFigure] {
    let broken = verdict.checks.filter { $0.state == .broken }.map { UnusualFigure(key: $0.key, line: $0.plain) }
    let arrivals =
      verdict.state == .broken && broken.isEmpty ? [UnusualFigure(key: "arrivals", line: verdict.line)] : []
    return arrivals + broken + (models.first.map(shifts) ?? []) + confidence(verdict) + doubt(models) + words(sources)
      + unlabelled(sources.night) + probes(sources.night)
  }

  /// Emotions that were given far more or far less often than in the nights before, by the model that labelled most.
  static func shifts(_ model: ModelFigures) -> [UnusualFigure] {
    let (now, before) = (model.counts.reduce(0, +), model.drift.weekCounts.reduce(0, +))
    guard now >= HeadlineFigures.leastLabels, before >= HeadlineFigures.leastLabels else { return [] }
    return model.emotions.indices.compactMap { index in
      let (count, earlier) = (Double(model.counts[index]), Double(model.drift.weekCounts[index]))
      let (share, usual) = (count / Double(now), earlier / Double(before))
      let pooled = (count + earlier) / Double(now + before)
      let deviation = (pooled * (1 - pooled) * (1 / Double(now) + 1 / Double(before))).squareRoot()
      let factor = max(share, usual) / max(min(share, usual), 1e-9)
      guard abs(share - usual) >= leastShift, factor >= leastFactor, abs(share - usual) > chanceDeviations * deviation
      else { return nil }
      let times =
        factor < 10 ? " (\(NumberText.decimal(factor, places: 1)) times as \(share > usual ? "often" : "rare"))" : ""
      return UnusualFigure(
        key: "emotion",
        line:
          "\(model.emotions[index]) was given \(share > usual ? "more" : "less") often than in the nights before\(times): "
          + "\(NumberText.percent(share)) of the labels instead of \(NumberText.percent(usual)).")
    }
  }

  private static func confidence(_ verdict: Verdict) -> [UnusualFigure] {
    guard let check = verdict.checks.first(where: { $0.key == "report.least_confidence" }), check.state != .broken,
      let value = check.value, let previous = check.previous, previous - value >= leastShift
    else { return [] }
    return [
      UnusualFigure(
        key: "confidence",
        line: "The model was less sure of its labels than the night before: \(NumberText.percent(value)) on average "
          + "instead of \(NumberText.percent(previous)).")
    ]
  }

  private static func doubt(_ models: [ModelFigures]) -> [UnusualFigure] {
    models.filter { $0.doubt?.isRiskBroken == true }.map { model in
      UnusualFigure(
        key: "doubt",
        line: "More of the labels that the model \(model.name) is certain of are wrong than it promised: "
          + "\(NumberText.percent(model.doubt?.risk ?? 0)) instead of at most "
          + "\(NumberText.percent(model.doubt?.promisedRisk ?? 0)).")
    }
  }

  private static func words(_ sources: NightSources) -> [UnusualFigure] {
    let strange = sources.night.scorings.compactMap(UnknownWordsFigures.init)
    guard let first = strange.first else { return [] }
    let others = strange.count > 1 ? " and \(NumberText.count(strange.count - 1)) more" : ""
    return [
      UnusualFigure(
        key: "words",
        line:
          "\(first.bundle)\(others) may be in a language that the model does not know: those labels may mean nothing.")
    ]
  }

  private static func unlabelled(_ night: NightData) -> [UnusualFigure] {
    let count = night.scorings.reduce(0) { $0 + $1.unknown }
    guard count > 0 else { return [] }
    return [
      UnusualFigure(
        key: "unlabelled",
        line:
          "\(NumberText.count(count, "utterance")) \(count == 1 ? "has" : "have") no label: neither words nor picture nor sound "
          + "of \(count == 1 ? "it" : "them") could be read.")
    ]
  }

  private static func probes(_ night: NightData) -> [UnusualFigure] {
    let pending = night.scorings.count { $0.probing == .pending }
    guard pending > 0 else { return [] }
    return [
      UnusualFigure(
        key: "probes",
        line: "\(NumberText.count(pending, "file")) \(pending == 1 ? "has" : "have") still to be tested for how firmly "
          + "\(pending == 1 ? "its" : "their") labels stand; this report is written again when that is done.")
    ]
  }
}

extension Verdict.Check {
  /// What a broken limit means, in words that need no statistics.
  var plain: String {
    let (now, allowed) = (NumberText.percent(value, places: 1), NumberText.percent(limit, places: 1))
    return switch key {
    case "report.least_weighted_f1":
      "The labels agree less with what was truly felt than they should: \(now), at least \(allowed) is asked for."
    case "report.least_confidence":
      "The model was less sure of its labels than it should be: \(now) on average, at least \(allowed) is asked for."
    case "report.most_flips":
      "Slight disturbances of words, picture or sound would change \(now) of the labels; at most \(allowed) is allowed."
    case "report.most_drift":
      "The mix of emotions is not that of the nights before: other people, other talk, or features that have gone wrong."
    case "report.most_training_drift":
      "The mix of emotions is unlike what the model has learned from, so its labels deserve less trust."
    case "report.most_failed": "\(now) of the files could not be scored; at most \(allowed) is allowed."
    case "report.most_unhealthy":
      "\(now) of the utterances look unlike anything the model has learned from: a recording or the making of features has "
        + "gone wrong, and such labels mean little."
    default: line
    }
  }
}

extension Verdict {
  /// The verdict in words that need no statistics.
  public var plainLine: String {
    let broken = checks.filter { $0.state == .broken }
    guard let first = broken.first else { return line }
    return first.plain
      + (broken.count > 1 ? " And \(NumberText.count(broken.count - 1)) more: see what is unusual." : "")
  }
}
