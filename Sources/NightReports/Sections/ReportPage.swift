import Presentation

/// A report's content in the order of reading, in no particular format: what HTML, Markdown and text are written from.
public struct ReportPage: Sendable {
  /// What the page is called, in a heading and in the window's title.
  public var title: String
  /// The period, under the title.
  public var subtitle: String
  /// The verdict, where there is one.
  public var verdict: (state: Verdict.State, line: String)?
  /// In the order of reading.
  public var sections: [ReportSection]

  /// Puts a page together.
  public init(
    title: String, subtitle: String, verdict: (state: Verdict.State, line: String)? = nil, sections: [ReportSection]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.verdict = verdict
    self.sections = sections
  }
}

/// One question that the report answers.
public struct ReportSection: Sendable {
  /// The heading.
  public var title: String
  /// What the section shows and how to read it, for someone who has not read the paper.
  public var explanation: String
  /// What the section shows, in the order of reading.
  public var blocks: [ReportBlock]
  /// Sections of more than one model or plan say which they belong to.
  public var belongsTo: String?

  init(_ title: String, _ explanation: String, _ blocks: [ReportBlock]) {
    self.title = title
    self.explanation = explanation
    self.blocks = blocks
  }
}

/// A piece of a section.
public enum ReportBlock: Sendable {
  /// Running text.
  case paragraph(String)
  /// Something the reader should not miss.
  case warning(String)
  /// A table under its caption.
  case table(DataTable)
  /// Pictures side by side; formats without pictures print the tables instead.
  case pictures([String], instead: [DataTable])
}

/// The strength of noise as text.
enum NoiseLevel {
  /// `0.3σ`, and `1σ` rather than `1.0σ`.
  static func text(_ level: Double) -> String {
    level == level.rounded() ? "\(Int(level))σ" : "\(level)σ"
  }
}
