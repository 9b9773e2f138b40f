import Presentation
import ResultExport
import ResultIndex

/// What `ambq help` tells beside the help of its commands.
public enum HelpTopic: String, CaseIterable, Sendable {
  /// What the exit status says.
  case exitCodes = "exit-codes"
  /// What lists tell of each thing.
  case fields
  /// How times are written.
  case time
  /// Which variables count.
  case environment

  /// The exit statuses and what they say.
  public static let statuses: [(code: Int, meaning: String)] = [
    (0, "Something was found; of verify: all agrees."),
    (
      1,
      "Nothing was found, and standard error says why; of report --check: a limit is broken; of verify: something"
        + " does not agree."
    ),
    (64, "The command line is wrong; of sql, also: the query is wrong, writes, or takes too long."),
    (
      65,
      "The index is damaged, another program's, or of another version; a cursor belongs to another index; utterances"
        + " lack the times that export needs."
    ),
    (66, "There is no index."),
    (69, "Of status and follow --until-idle: no daemon is running."),
    (74, "Reading or writing failed; of export, also: a file is there already; of follow: the index was replaced."),
    (141, "The reader of the output went away while SIGPIPE was ignored."),
  ]

  /// The variables and what they say.
  public static let variables: [(name: String, meaning: String)] = [
    ("AMBQ_INDEX", "the index to ask, where the command line names neither index nor spool"),
    ("AMBQ_SPOOL", "the spool whose index to ask, likewise; AMBQ_INDEX comes first"),
    ("AMBQ_PAGER", "what shows long output on a terminal page by page; empty for nothing"),
    ("PAGER", "the same for all programs, where AMBQ_PAGER is not set; else less, where there is one"),
    ("LESS", "options of less; FRX where it is not set"),
    ("AMBQ_TOKEN", "the token of ambq serve, at least 16 letters, digits, - or _; else it makes one"),
    ("COLUMNS", "width of the output, where it is not the terminal's"),
    ("NO_COLOR", "not empty: no colours, unless --colour says otherwise"),
    ("CLICOLOR_FORCE", "not empty and not 0: colours without a terminal, too"),
    ("CLICOLOR", "0: no colours"),
    ("TERM", "dumb: no colours, no pager"),
    ("LC_ALL", "C or POSIX: what is for people is in ASCII; else LC_CTYPE and LANG count, in this order"),
    ("TZ", "the local time zone"),
  ]

  /// The text, in lines of the width given where they can be broken.
  public func text(width: Int) -> String {
    switch self {
    case .exitCodes:
      Self.list("What the exit status says:", Self.statuses.map { (String($0.code), $0.meaning) }, width)
    case .environment: Self.list("Variables that count:", Self.variables.map { ($0.name, $0.meaning) }, width)
    case .time: Self.times(width)
    case .fields: Self.fields(width)
    }
  }

  private static func times(_ width: Int) -> String {
    let forms = [
      ("now", "this moment"), ("today, yesterday, tomorrow", "that day"),
      ("monday, mon", "the last Monday, today if it is one"),
      ("last monday, last week, last month", "the last one before today, before this week, before this month"),
      ("yesterday 18:30, 14:30", "that moment; that time of today"), ("-30m, -2h, -1h30m", "so long ago"),
      ("-3d, -1w, -2mo, -1y", "so many days, weeks, months, years ago, at this time of day"),
      ("2 hours ago, a week ago", "the same in words"), ("2026-11-22, 22.11.2026", "that day"),
      ("2026-11, 2026", "that month, that year"), ("2026-11-22T14:30", "that moment; a space serves for the T"),
      ("2026-11-22T14:30:00Z", "that moment in UTC; +01:00 for another zone"),
    ]
    return list("Times of --since, --until and --date, local where no zone is named:", forms, width)
      + "\n"
      + wrapped("--since takes the start of a span, --until its end: --until yesterday includes that day.", 0, width)
  }

  private static func fields(_ width: Int) -> String {
    let utterances = list(
      "Of list, show and follow:", (UtteranceField.all + [.cursor]).map { ($0.name, $0.meaning) }, width)
    let others = OutputContract.lists.filter { $0.commands != OutputContract.utteranceCommands }.map { list in
      "\nOf \(list.commands):\n" + wrapped(list.fields.map(\.name).joined(separator: ", "), 2, width)
    }
    let end =
      "\n"
      + wrapped("'--json' without a value lists the fields of a command; docs/OUTPUT.md has their types.", 0, width)
    return utterances + others.joined() + end
  }

  private static func list(_ title: String, _ rows: [(String, String)], _ width: Int) -> String {
    let indent = (rows.map { $0.0.count }.max() ?? 0) + 4
    let lines = rows.map { name, meaning in
      let label = "  " + name + String(repeating: " ", count: indent - 2 - name.count)
      return label + wrapped(meaning, indent, width).dropFirst(indent)
    }
    return title + "\n" + lines.joined()
  }

  /// Words in lines, each behind an indent.
  private static func wrapped(_ text: String, _ indent: Int, _ width: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var (lines, line): ([String], String) = ([], "")
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > max(width, indent + 20) {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [margin + line]).map { $0 + "\n" }.joined()
  }
}
