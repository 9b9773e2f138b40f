import Foundation
import NightReports
import Presentation

/// How a report is written: the value of `ambq report --format`.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// For a terminal.
  case text
  /// One page for a browser.
  case html
  /// Markdown.
  case md
  /// The figures, for programs.
  case json

  /// The format that a file's name ends in; nil where that says nothing.
  init?(fileName: String) {
    switch URL(fileURLWithPath: fileName).pathExtension.lowercased() {
    case "html", "htm": self = .html
    case "md", "markdown": self = .md
    case "json": self = .json
    case "txt": self = .text
    default: return nil
    }
  }

  /// A report in this form.
  ///
  /// - Parameter width: columns of a text.
  /// - Throws: an error of the encoder.
  public func bytes(_ report: NightReport, width: Int) throws -> Data {
    switch self {
    case .text: Data(report.page.text(width: width).utf8)
    case .html: Data(report.page.html.utf8)
    case .md: Data(report.page.markdown.utf8)
    case .json: try report.json()
    }
  }
}

/// Brings a report where it was asked for: an output, a file, a browser.
public struct ReportDelivery {
  private let report: NightReport
  private let nights: URL?
  let format: ReportFormat
  /// Nil where the report goes to the output.
  let file: URL?
  private let opens: Bool
  /// Whether the file was not named, but made only to be opened.
  private let isTemporary: Bool
  /// Whether any of it was asked for.
  public let isWanted: Bool

  /// - Parameters:
  ///   - format: what is asked for; nil for what the file's name ends in, HTML for a browser, else text.
  ///   - file: where to write it; nil for the output, or for a temporary file to be opened.
  ///   - nights: where the daemon's reports lie: one that is the same is opened there, among the pages that it leads to.
  public init(_ report: NightReport, format: ReportFormat?, file: String?, opens: Bool, nights: URL? = nil) {
    self.report = report
    self.nights = nights
    self.opens = opens
    self.format = format ?? file.flatMap(ReportFormat.init(fileName:)) ?? (opens ? .html : .text)
    isTemporary = file == nil && opens
    isWanted = format != nil || file != nil || opens
    if let file {
      self.file = URL(fileURLWithPath: file)
    } else if isTemporary {
      let name = "ambq-report-\(report.period.date ?? "period").\(self.format == .text ? "txt" : self.format.rawValue)"
      // In a folder of its own, since the report tells of people and /tmp is everybody's.
      self.file = FileManager.default.temporaryDirectory
        .appendingPathComponent("ambq-\(UUID().uuidString)", isDirectory: true).appendingPathComponent(name)
    } else {
      self.file = nil
    }
  }

  /// Widest lines of a report in text, in columns.
  private static let mostColumns = 100

  /// - Parameters:
  ///   - environment: names the width of the terminal, and the folders that hold a browser's opener.
  ///   - paging: what shows it on a terminal; nil: nothing.
  /// - Throws: `QueryError` where the file cannot be written, `OutputError`.
  public func deliver(
    environment: [String: String], paging: ResultConsole.Paging? = nil, descriptor: Int32 = 1
  ) throws {
    let isASCII = PlainCharacters.areWanted(environment) && file == nil && format == .text
    var writer = OutputWriter(descriptor: descriptor, isASCII: isASCII)
    let width = min(TerminalSize.columns(of: descriptor, environment: environment), Self.mostColumns)
    if isTemporary, format == .html, let same = written {
      if !Browser.open(same, environment) { try writer.line(same.path) }
      return try writer.flush()
    }
    let bytes = try format.bytes(report, width: width)
    if let file {
      try write(bytes, to: file)
      if opens && !Browser.open(file, environment) { try writer.line(file.path) }
    } else {
      let pager = paging?.start()
      try withExtendedLifetime(pager) {
        try writer.write(String(decoding: bytes, as: UTF8.self))
        try writer.flush()
      }
    }
    try writer.flush()
  }

  /// The daemon's page of the same report, which leads to those beside it.
  private var written: URL? {
    guard report.filter == nil, let date = report.period.date, let nights else { return nil }
    let file = nights.appendingPathComponent("\(date).html", isDirectory: false)
    return (try? Data(contentsOf: file)) == Data(report.page(amongNights: true).html.utf8) ? file : nil
  }

  private func write(_ bytes: Data, to file: URL) throws {
    do {
      if isTemporary {
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: false,
          attributes: [.posixPermissions: 0o700])
      }
      try bytes.write(to: file, options: .atomic)
    } catch {
      throw QueryError(io: "the report cannot be written", at: file.path, found: error.localizedDescription)
    }
  }

  /// Prints the limits that are broken, or that none is.
  ///
  /// - Parameter isSilent: whether nothing is printed.
  /// - Returns: whether one is.
  /// - Throws: `OutputError`.
  public func printVerdict(isSilent: Bool = false, descriptor: Int32 = 1) throws -> Bool {
    var writer = OutputWriter(descriptor: descriptor)
    let broken = report.verdict.broken
    if isSilent { return !broken.isEmpty }
    for line in broken.isEmpty ? [report.verdict.line] : broken { try writer.line(line) }
    try writer.flush()
    return !broken.isEmpty
  }
}

/// The desktop's own way to open a file.
public enum Browser {
  /// False where there is none, or where it fails to start.
  public static func open(_ file: URL, _ environment: [String: String]) -> Bool {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let programs = folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("xdg-open") }
    guard let program = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      return false
    }
    let process = Process()
    process.executableURL = program
    process.arguments = [file.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return false
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
