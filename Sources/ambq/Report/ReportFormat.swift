import ArgumentParser
import Foundation
import NightReports

/// How a report is written: the value of `ambq report --format`.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case html
  case md
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

  func bytes(_ report: NightReport, width: Int) throws -> Data {
    switch self {
    case .text: Data(report.page.text(width: width).utf8)
    case .html: Data(report.page.html.utf8)
    case .md: Data(report.page.markdown.utf8)
    case .json: try report.json()
    }
  }
}
