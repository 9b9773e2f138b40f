import Foundation
import NightReports
import Presentation

/// Brings a report where it was asked for: standard output, a file, a browser.
struct ReportDelivery {
  private let report: NightReport
  private let format: ReportFormat
  private let file: URL?
  private let opens: Bool
  /// Whether the file was not named, but made only to be opened.
  private let isTemporary: Bool
  /// Whether any of it was asked for.
  let isWanted: Bool

  init(_ report: NightReport, format: ReportFormat?, file: String?, opens: Bool) {
    self.report = report
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

  func deliver() throws {
    var writer = OutputWriter(descriptor: STDOUT_FILENO)
    let width = min(TerminalSize.columns(of: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment), 100)
    let bytes = try format.bytes(report, width: width)
    if let file {
      do {
        if isTemporary {
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        }
        try bytes.write(to: file, options: .atomic)
      } catch {
        throw CommandError(io: "the report cannot be written", at: file.path, found: error.localizedDescription)
      }
      if opens && !Browser.open(file) { try writer.line(file.path) }
    } else {
      try writer.write(String(decoding: bytes, as: UTF8.self))
    }
    try writer.flush()
  }
}

/// The desktop's own way to open a file.
enum Browser {
  /// False where there is none, or where it fails to start.
  static func open(_ file: URL) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
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
