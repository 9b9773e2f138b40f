import DialogueDomain
import Presentation
import ResultExport
import ResultIndex

/// `ambq why`: finds the utterance, has its bundle run again, and writes what its label rests on.
public struct WhyOutput {
  private let reader: IndexReader
  private let location: ResultLocation
  private let program: ExplainingProgram
  private let console: ResultConsole

  /// Explains labels of an index on a console.
  public init(
    _ reader: IndexReader, at location: ResultLocation, by program: ExplainingProgram, _ console: ResultConsole
  ) {
    (self.reader, self.location, self.program, self.console) = (reader, location, program, console)
  }

  /// - Parameters:
  ///   - turn: the utterance's position in the dialogue.
  ///   - query: finds the dialogue.
  /// - Returns: whether there is such a dialogue.
  /// - Throws: `QueryError` where several are meant, there is no such turn, or it cannot be run again; `IndexError`,
  ///   `OutputError`.
  public func write(turn: Int, of query: UtteranceQuery) throws -> Bool {
    guard let turns = try DialogueSearch(reader).turns(query), let first = turns.first else { return false }
    guard let utterance = turns.first(where: { $0.turn == turn }) else {
      throw QueryError(
        usage: "dialogue '\(first.dialogue)' has no such turn", found: "\(turn)", expected: "0 to \(turns.count - 1)")
    }
    let explained = try ExplainedDialogue(
      turns, of: first.bundle, turn: turn, from: reader, at: location, by: program)
    guard let told = explained.explanation(of: turn) else {
      throw QueryError(usage: "the model said nothing of this turn", found: "\(turn)")
    }
    try Self.write(utterance, told, explained, on: console)
    return true
  }

  static func write(
    _ utterance: IndexedUtterance, _ told: UtteranceExplanation, _ explained: ExplainedDialogue,
    on console: ResultConsole
  ) throws {
    switch console.format {
    case .table:
      try WhyStory(utterance, told, explained).draw(on: console)
      try WhyFigures(told, explained).draw(on: console)
    case .json, .jsonl: try WhyObject(utterance, told, explained).write(on: console)
    case .csv, .tsv: try RecordColumns(columns(explained)).write(told.neighbours, on: console)
    }
  }

  /// A row for every neighbour, branch and graph.
  private static func columns(_ explained: ExplainedDialogue) -> [RecordColumn<NeighbourAttention>] {
    let speakers = Dictionary(explained.turns.map { ($0.turn, $0.speaker) }) { first, _ in first }
    return [
      .text("modality") { $0.modality.rawValue }, .text("graph") { $0.graph.rawValue }, .integer("turn") { $0.turn },
      .text("speaker") { speakers[$0.turn] }, .text("relation") { $0.relation.rawValue },
      .number("attended") { $0.mean.attended }, .number("cancelled") { $0.mean.cancelled },
      .number("left") { $0.mean.left }, .text("text") { explained.words(of: $0.turn) },
    ]
  }
}

/// An explained label as one JSON object: the members of `ambq list`, then what the rerun told.
struct WhyObject {
  private let utterance: IndexedUtterance
  private let told: UtteranceExplanation
  private let explained: ExplainedDialogue

  init(_ utterance: IndexedUtterance, _ told: UtteranceExplanation, _ explained: ExplainedDialogue) {
    (self.utterance, self.told, self.explained) = (utterance, told, explained)
  }

  func write(on console: ResultConsole) throws {
    var json = JSONText()
    json.object { json in
      var members = UtteranceMembers()
      members.encode(utterance, into: &json)
      json.object("without") { json in
        for (modality, label) in told.without.sorted(by: { $0.key < $1.key }) {
          json.object(modality.rawValue) { json in
            json.member("emotion", label.emotion)
            json.member("confidence", label.confidence)
          }
        }
      }
      let agreement = explained.agreement
      json.object("rerun") { json in
        json.member("emotion", told.emotion)
        json.member("confidence", told.confidence)
        json.member("agrees", agreement.holds)
        json.member("difference", agreement.difference)
      }
      json.member("networks", explained.explanation.members)
      json.member("window", explained.explanation.window)
      json.array("lambdas") { json in
        for each in explained.explanation.lambdas {
          json.object { json in
            json.member("modality", each.modality.rawValue)
            json.member("graph", each.graph.rawValue)
            json.member("layer", each.layer.name)
            json.member("lambda", each.lambda)
          }
        }
      }
      json.array("neighbours") { json in told.neighbours.forEach { encode($0, into: &json) } }
    }
    json.endLine(separated: false)
    try console.drain(&json.bytes)
  }

  private func encode(_ neighbour: NeighbourAttention, into json: inout JSONText) {
    json.object { json in
      json.member("modality", neighbour.modality.rawValue)
      json.member("graph", neighbour.graph.rawValue)
      json.member("turn", neighbour.turn)
      json.member("speaker", explained.turns.first { $0.turn == neighbour.turn }?.speaker)
      json.member("relation", neighbour.relation.rawValue)
      json.member("text", explained.words(of: neighbour.turn))
      encode(neighbour.mean, into: &json)
      json.array("layers") { json in
        for each in neighbour.layers ?? [] {
          json.object { json in
            json.member("layer", each.layer.name)
            encode(each.weights, into: &json)
          }
        }
      }
    }
  }

  private func encode(_ weights: AttentionWeights, into json: inout JSONText) {
    json.member("attended", weights.attended)
    json.member("cancelled", weights.cancelled)
    json.member("left", weights.left)
  }
}
