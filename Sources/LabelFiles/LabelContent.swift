import DialogueDomain
import Foundation

/// The content of a label file, some rows at a time: that of a large bundle is never held whole.
struct LabelContent: Sequence {
  private static let rowsAtOnce = 4096

  private let scored: ScoredBundle
  private let header: String
  private let rows: (ArraySlice<ScoredUtterance>, EmotionSet) -> String

  /// - Parameters:
  ///   - header: what comes before the rows.
  ///   - rows: some rows' text.
  init(
    _ scored: ScoredBundle, header: String = "", _ rows: @escaping (ArraySlice<ScoredUtterance>, EmotionSet) -> String
  ) {
    self.scored = scored
    self.header = header
    self.rows = rows
  }

  func makeIterator() -> AnyIterator<Data> {
    let utterances = scored.utterances
    var next = 0
    return AnyIterator {
      guard next < Swift.max(1, utterances.count) else { return nil }
      let end = Swift.min(Swift.max(1, next + Self.rowsAtOnce), utterances.count)
      defer { next = Swift.max(1, end) }
      let text = rows(utterances[next..<end], scored.emotions)
      return Data((next == 0 ? header + text : text).utf8)
    }
  }

  /// Whether a file holds just this.
  func isContent(of url: URL) -> Bool {
    guard let file = try? FileHandle(forReadingFrom: url) else { return false }
    defer { try? file.close() }
    for piece in self {
      guard let found = try? file.read(upToCount: piece.count), found == piece else { return false }
    }
    return (try? file.read(upToCount: 1))?.isEmpty ?? true
  }
}
