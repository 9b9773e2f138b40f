import Presentation

/// What people corrected, and what agreement and certainty became.
struct CorrectionSection {
  let corrections: CorrectionFigures

  private static let listed = 10

  var section: ReportSection {
    ReportSection(
      "What people corrected",
      "A correction is what was truly felt, and counts before a label that came with the bundle; the model's labels stay as "
        + "they are. The figures are over the bundles that were corrected, with what was known before and after. Where "
        + "people correct only what is wrong, fewer labels seem right than are: a conversation that was gone through "
        + "whole tells how many are.",
      [.paragraph(line)] + corrections.models.map { .table(table($0)) })
  }

  /// As in `14 corrections by Anna (12), Ben (2): 9 labels changed, 5 agreed with.`.
  private var line: String {
    let people = corrections.people.prefix(Self.listed).map { "\($0.name) (\(NumberText.count($0.corrections)))" }
    let more = corrections.people.count - people.count
    return "\(NumberText.count(corrections.taken, "correction")) by \(people.joined(separator: ", "))"
      + (more > 0 ? " and \(NumberText.count(more)) more" : "")
      + ": \(NumberText.count(corrections.changed, "label")) changed, \(NumberText.count(corrections.confirmed)) agreed with."
  }

  private func table(_ model: CorrectionFigures.Model) -> DataTable {
    func share(_ value: Double?) -> String { value.map { NumberText.percentage($0) } ?? "–" }
    let (before, after) = (model.before, model.after)
    var rows = [
      ["utterances with a known truth", NumberText.count(before.utterances), NumberText.count(after.utterances)],
      ["labels that agree with it, %", share(before.accuracy), share(after.accuracy)],
      ["mean confidence of these labels, %", share(before.meanConfidence), share(after.meanConfidence)],
    ]
    if let kept = after.doubt { rows.append(["doubt", before.doubt ?? "–", kept]) }
    return DataTable(
      "\(model.name): \(NumberText.count(model.bundles, "bundle"))", header: ["figure", "before", "after"], rows: rows,
      words: after.doubt == nil ? [0] : [0, 1, 2])
  }
}
