import Foundation
import Presentation
import ResultIndex

/// A column of the table of groups: its head, and what it shows of each group.
struct GroupCell {
  let column: Table.Column
  let cell: (UtteranceGroup) -> Table.Cell

  private init(_ column: Table.Column, _ cell: @escaping (UtteranceGroup) -> Table.Cell) {
    self.column = column
    self.cell = cell
  }

  static func all(_ grouping: UtteranceGrouping) -> [GroupCell] {
    switch grouping {
    case .dialogue:
      [
        name(grouping), utterances, count("SPEAKERS", droppable: 3) { $0.speakers }, length, mostly, confidence,
        uncertain, bundle, scored("SCORED", droppable: 5) { $0.lastScored },
      ]
    case .speaker:
      [
        name(grouping), utterances, share, count("DIALOGUES", droppable: 2) { $0.dialogues }, mostly, confidence,
        uncertain, scored("LAST SCORED") { $0.lastScored },
      ]
    case .emotion:
      [
        name(grouping), utterances, share, confidence, uncertain, count("SPEAKERS", droppable: 2) { $0.speakers },
        count("DIALOGUES", droppable: 3) { $0.dialogues },
      ]
    case .model, .day:
      [
        name(grouping), digest, count("BUNDLES", droppable: 3) { $0.bundles },
        count("DIALOGUES", droppable: 4) { $0.dialogues }, utterances, confidence, uncertain,
        scored("FIRST SCORED") { $0.firstScored }, scored("LAST SCORED") { $0.lastScored },
      ]
    }
  }

  static func counts(_ grouping: UtteranceGrouping) -> [GroupCell] {
    let head = GroupCell(Table.Column("COUNT", .right)) { Table.Cell(NumberText.count($0.utterances)) }
    let shown = [name(grouping), head, share]
    switch grouping {
    case .dialogue: return shown + [bundle]
    case .model: return shown + [digest]
    case .emotion, .speaker, .day: return shown
    }
  }

  private static func name(_ grouping: UtteranceGrouping) -> GroupCell {
    GroupCell(Table.Column(grouping.rawValue.uppercased(), shrinksTo: 8)) { group in
      Table.Cell(group.name, grouping == .emotion ? Palette.style(ofEmotion: group.name) : .plain)
    }
  }

  private static let unknown = Table.Cell("–", .faint)

  private static var utterances: GroupCell {
    GroupCell(Table.Column("UTTERANCES", .right)) { Table.Cell(NumberText.count($0.utterances)) }
  }

  private static var share: GroupCell {
    GroupCell(Table.Column("SHARE", .right, droppable: 5)) { Table.Cell(NumberText.percent($0.share)) }
  }

  private static var mostly: GroupCell {
    GroupCell(Table.Column("MOSTLY", shrinksTo: 12)) { Table.Cell(GroupListing.tally($0).summary) }
  }

  private static var confidence: GroupCell {
    GroupCell(Table.Column("CONFIDENCE", .right, droppable: 6)) { group in
      group.figures?.meanConfidence.map { Table.Cell(NumberText.decimal($0)) } ?? unknown
    }
  }

  private static var uncertain: GroupCell {
    GroupCell(Table.Column("UNCERTAIN", .right, droppable: 7)) { group in
      group.figures?.uncertain.map { Table.Cell(NumberText.count($0)) } ?? unknown
    }
  }

  /// From the first utterance's start to the last one's end.
  private static var length: GroupCell {
    GroupCell(Table.Column("LENGTH", .right, droppable: 4)) { group in
      guard let figures = group.figures, let start = figures.start, let end = figures.end else { return unknown }
      return Table.Cell(TimeText.clock(end - start))
    }
  }

  private static var bundle: GroupCell {
    GroupCell(Table.Column("BUNDLE", shrinksTo: 8, droppable: 1)) { Table.Cell($0.bundle?.title ?? "", .faint) }
  }

  private static var digest: GroupCell {
    GroupCell(Table.Column("DIGEST", droppable: 1)) { Table.Cell(String(($0.modelDigest ?? "").prefix(8)), .faint) }
  }

  private static func count(
    _ title: String, droppable: Int, _ value: @escaping (UtteranceFigures) -> Int
  ) -> GroupCell {
    GroupCell(Table.Column(title, .right, droppable: droppable)) { group in
      group.figures.map { Table.Cell(NumberText.count(value($0))) } ?? unknown
    }
  }

  private static func scored(
    _ title: String, droppable: Int = 2, _ value: @escaping (UtteranceFigures) -> Date?
  ) -> GroupCell {
    GroupCell(Table.Column(title, droppable: droppable)) { group in
      group.figures.flatMap(value).map { Table.Cell(TimeText.local($0), .faint) } ?? unknown
    }
  }
}
