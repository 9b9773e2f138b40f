import Presentation

/// A report's content in the order of reading, in no particular format: what HTML, Markdown and text are written from.
public struct ReportPage: Sendable {
  /// What the page is called, in a heading and in the window's title.
  public var title: String
  /// The period, under the title.
  public var subtitle: String
  /// What the reader must know of all that follows; nil: nothing.
  public var note: String?
  /// The verdict, where there is one.
  public var verdict: (state: Verdict.State, line: String)?
  /// The page that leads here, beside this one: its file, and the words of the way back.
  public var parent: (file: String, words: String)?
  /// What a person reads first, in the order of reading; empty: the page is for analysts only.
  public var opening: [ReportSection]
  /// What is for the analyst, in the order of reading; behind an opening it is folded.
  public var sections: [ReportSection]

  /// What stands over `sections` where there is an opening.
  static let analystTitle = "For the analyst"
  static let analystExplanation =
    "Every figure behind the above: the limits, how the labels have changed and how firmly they stand, the state of the data."

  /// Puts a page together.
  public init(
    title: String, subtitle: String, note: String? = nil, verdict: (state: Verdict.State, line: String)? = nil,
    parent: (file: String, words: String)? = nil, opening: [ReportSection] = [], sections: [ReportSection]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.verdict = verdict
    self.parent = parent
    self.opening = opening
    self.sections = sections
  }
}

/// One question that the report answers.
public struct ReportSection: Sendable {
  /// The heading.
  public var title: String
  /// What the section shows and how to read it, for someone who has not read the paper; may be empty.
  public var explanation: String
  /// What the section shows, in the order of reading.
  public var blocks: [ReportBlock]
  /// Sections of more than one model or plan say which they belong to.
  public var belongsTo: String?
  /// What links lead here by; nil: the section's number.
  public var anchor: String?
  /// The section that leads here: its anchor, and the words of the way back.
  public var parent: (anchor: String, words: String)?
  /// A page of its own that HTML leads to: its file beside this one, and the words of the link.
  public var page: (file: String, words: String)?

  init(
    _ title: String, _ explanation: String, _ blocks: [ReportBlock], anchor: String? = nil,
    parent: (anchor: String, words: String)? = nil, page: (file: String, words: String)? = nil
  ) {
    self.title = title
    self.explanation = explanation
    self.blocks = blocks
    self.anchor = anchor
    self.parent = parent
    self.page = page
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
  /// Things one below the other.
  case list([ReportItem], isNumbered: Bool)
  /// Pictures side by side; formats without pictures print the tables instead.
  case pictures([String], instead: [DataTable])
}

/// One thing of a list.
public struct ReportItem: Sendable {
  /// What it is called; may be empty.
  public var title: String
  /// What is said of it.
  public var text: String
  /// The anchor that its title leads to.
  public var link: String?
  /// A page of its own that HTML leads to: its file beside this one, and the words of the link.
  public var page: (file: String, words: String)?
  /// Whether the reader should not miss it.
  public var isWarning: Bool
  /// What to do about it, on a line of its own, and what that is called.
  public var remedy: (title: String, text: String)?

  init(
    _ title: String, _ text: String, link: String? = nil, page: (file: String, words: String)? = nil,
    isWarning: Bool = false, remedy: (title: String, text: String)? = nil
  ) {
    self.title = title
    self.text = text
    self.link = link
    self.page = page
    self.isWarning = isWarning
    self.remedy = remedy
  }

  /// Title, text and remedy in one line, for formats without any of their own.
  var line: String {
    let start = title.isEmpty ? "" : link == nil ? "\(title): " : "\(title) "
    return start + text + (remedy.map { " \($0.title) \($0.text)" } ?? "")
  }
}

/// The strength of noise as text.
enum NoiseLevel {
  /// `0.3σ`, and `1σ` rather than `1.0σ`.
  static func text(_ level: Double) -> String {
    level == level.rounded() ? "\(Int(level))σ" : "\(level)σ"
  }
}
