import Foundation
import Testing

/// Documents lead to files and headings that are there.
struct DocumentLinkTests {
  @Test(arguments: Documentation.documents) func everyLinkLeadsSomewhere(_ file: String) throws {
    let folder = (file as NSString).deletingLastPathComponent
    for link in Documentation.text(file).matches(of: /\]\(([^)\s]+)\)/).map({ String($0.1) })
    where !link.contains("://") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let target = parts[0].isEmpty ? file : NSString.path(withComponents: [folder, parts[0]])
      #expect(Documentation.exists(target), "\(file) leads to \(link)")
      if parts.count == 2 {
        #expect(Self.headings(Documentation.text(target)).contains(parts[1]), "\(file) leads to \(link)")
      }
    }
  }

  /// The headings as links name them: in lower case, without punctuation, with hyphens for blanks.
  private static func headings(_ text: String) -> [String] {
    text.components(separatedBy: "\n").filter { $0.hasPrefix("#") }.map { line in
      let title = line.drop { $0 == "#" }.dropFirst().lowercased()
      return String(title.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" })
        .replacingOccurrences(of: " ", with: "-")
    }
  }
}
