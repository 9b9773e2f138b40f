import Foundation
import Presentation

/// Figures as people read them.
public enum BenchmarkText {
  /// The machine, then each record's settings and figures.
  public static func lines(_ run: BenchmarkRun) -> [String] {
    let machine = run.machine
    return [
      line("machine", "\(machine.processor), \(machine.cores) cores, loops \(machine.loops), \(machine.blas)")
    ]
      + run.records.flatMap { record in
        [line("setting", record.settings.map { "\($0.name) \($0.value)" }.joined(separator: "; "))]
          + record.figures.map { line($0.name, text($0)) }
      }
  }

  /// One line a figure that both runs have; what tells the two apart is marked.
  public static func lines(_ comparison: BenchmarkComparison) -> [String] {
    var lines = comparison.isSameMachine ? [] : ["The runs are of different machines: what follows tells little."]
    var benchmark = ""
    for row in comparison.rows {
      if row.benchmark != benchmark { lines.append(row.benchmark) }
      benchmark = row.benchmark
      let change = NumberText.percentage(row.gain, signed: true) + " %"
      lines.append(
        "  "
          + line(
            row.new.name,
            "\(number(row.base.median)) → \(number(row.new.median)) \(row.new.unit), \(change)"
              + (row.isDistinct ? (row.gain > 0 ? "  better" : "  worse") : "")))
    }
    return lines + comparison.unmatched.map { "only in one run: \($0)" }
  }

  /// The median with its range, the limit beside it, and the aim.
  static func text(_ figure: BenchmarkFigure) -> String {
    var text = number(figure.median)
    if figure.values.count > 1 {
      text += " (\(number(figure.range.lowerBound))–\(number(figure.range.upperBound)))"
    }
    text += " \(figure.unit)"
    if let limit = figure.limit, let share = figure.shareOfLimit {
      text += "; \(NumberText.percent(share, places: 1)) of \(limit.name), \(number(limit.value))"
    }
    if let aim = figure.aim, let isKept = figure.keepsAim {
      let bound = figure.better == .less ? "at most" : "at least"
      text += "; aim: \(bound) \(number(aim))\(isKept ? "" : ", missed")"
    }
    return text
  }

  /// Three digits that count.
  static func number(_ value: Double) -> String {
    let magnitude = abs(value)
    return NumberText.fixed(value, places: magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3)
  }

  private static func line(_ name: String, _ text: String) -> String {
    name.padding(toLength: max(name.count + 1, 26), withPad: " ", startingAt: 0) + text
  }
}

extension BenchmarkRun {
  /// How many of the aims that figures carry are kept.
  public var aimsKept: (kept: Int, promised: Int) {
    let verdicts = records.flatMap(\.figures).compactMap(\.keepsAim)
    return (verdicts.filter { $0 }.count, verdicts.count)
  }
}
