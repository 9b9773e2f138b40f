import DialogueDomain
import Foundation
import OperatingSystem

/// The name of a bundle from its claim on: UTF-8, and short enough that the files named after it fit.
public struct BundleName: Sendable, Hashable {
  /// The file name, such as `friday.h5`.
  public let text: String

  /// A file name may have 255 bytes; the longest addition is a temporary `.error.json` with a digest.
  private static let limit = 180

  /// The name a file found under `name` goes by: the same, wherever that is possible.
  ///
  /// Bytes that are not UTF-8 become `%` and two hexadecimal digits. A name that is too long is cut and gets a digest of
  /// the whole, so that two long names stay apart.
  public init(_ name: FileName) {
    let whole = name.text ?? Self.escaped(name.bytes)
    guard whole.utf8.count > Self.limit else {
      text = whole
      return
    }
    let ending = InputKind.ending(of: whole)
    var start = ""
    for character in whole where start.utf8.count + character.utf8.count <= Self.limit - 12 {
      start.append(character)
    }
    text = "\(start)~\(FileDigest.sha256(name.bytes).prefix(8))\(ending)"
  }

  /// The name without `.h5`, which label files are called by.
  public var stem: String { String(text.dropLast(InputKind.ending(of: text).count)) }

  /// Names to choose from when the plain one is taken by another bundle: the plain one first, then with more and more of
  /// the digest.
  public func variants(digest: String) -> [BundleName] {
    [self] + [8, 16, 64].map { marked(String(digest.prefix($0))) }
  }

  /// The plain name and the beginning of the digest that `variants` has put into this one; nil where there is none.
  public var digestMark: (name: String, digest: String)? {
    guard let mark = stem.lastIndex(of: "~") else { return nil }
    let digits = stem[stem.index(after: mark)...]
    guard [8, 16, 64].contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
    return (String(stem[..<mark]) + InputKind.ending(of: text), String(digits.prefix(8)))
  }

  /// Whether the name bears a number as its mark.
  var isNumbered: Bool {
    stem.lastIndex(of: "~").map { Int(stem[stem.index(after: $0)...]) != nil } ?? false
  }

  /// The name with a mark before its ending: `friday~2.h5`.
  func marked(_ mark: String) -> BundleName {
    BundleName(unchecked: "\(stem)~\(mark)\(InputKind.ending(of: text))")
  }

  /// The name under which a file lies in `done` that was taken as corrections: one that says so, `tea.corrections.csv`.
  public var asCorrections: BundleName {
    if InputKind(fileName: text.utf8) == .correction { return self }
    return BundleName(unchecked: "\(stem).corrections\(InputKind.ending(of: text))")
  }

  init(unchecked text: String) {
    self.text = text
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    var text = ""
    var rest = bytes[...]
    while let byte = rest.first {
      // The longest valid scalar at this place, or one byte escaped.
      let length = (1...4).last { rest.count >= $0 && isScalar(rest.prefix($0)) } ?? 0
      if length > 0 {
        text += String(decoding: rest.prefix(length), as: UTF8.self)
        rest = rest.dropFirst(length)
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  private static func isScalar(_ bytes: ArraySlice<UInt8>) -> Bool {
    String(validating: bytes, as: UTF8.self)?.unicodeScalars.count == 1
  }
}

/// What the daemon makes of a name it finds in `incoming`.
public enum IntakeRule: Sendable, Hashable {
  /// A bundle to score.
  case bundle
  /// Known litter and unfinished copies: passed over in silence.
  case ignored
  /// Not ours: left where it is, and said so once.
  case foreign(reason: String)

  /// The rule for a name with what lies behind it: a bundle is a regular file.
  public init(_ entry: FolderEntry) {
    let name = BundleFileName(entry.name.bytes)
    switch (name, entry.kind) {
    case (.ignored, _): self = .ignored
    case (_, .folder): self = .foreign(reason: "it is a folder; only files directly in incoming are taken")
    case (_, .link): self = .foreign(reason: "it is a symbolic link; only files themselves are taken")
    case (_, .other): self = .foreign(reason: "it is not a regular file")
    case (.bundle, .file): self = .bundle
    case (.foreign, .file):
      self = .foreign(reason: "its name ends in none of \(InputKind.allEndings.joined(separator: ", "))")
    }
  }
}
