import DialogueDomain
import Foundation
import OperatingSystem

/// Tells a file that `ambq export` or `ambq list` wrote, whatever program has saved it since, from one that is to be scored.
///
/// Each format carries a mark that its programs keep: columns and members that nothing but ambq writes, properties of an ELAN
/// file, a tier of a TextGrid, a note of WebVTT. SubRip has no place for one, and editors drop notes: subtitles are known by a
/// label in brackets before the words of every cue.
public enum ExportMark {
  /// What names the bundle in ELAN's properties and in a TextGrid's tier.
  static let digest = "ambq:bundle-sha256"
  /// What names the model, likewise.
  static let model = "ambq:model-sha256"
  /// What names the dialogue, likewise.
  static let dialogue = "ambq:dialogue"
  /// How the second line of a WebVTT's first note ends.
  static let note = ", with ambq"
  /// Columns and members that no transcript has.
  static let columns = ["model_digest", "dialogue"]
  /// Of a table that lost those: the columns by which it is an export all the same.
  static let otherColumns = ["dialogue", "emotion", "confidence"]

  /// Whether a file bears the mark; false where its name promises another kind, or it cannot be read.
  ///
  /// - Parameter url: a link is not followed.
  public static func isBorne(by url: URL) -> Bool {
    let kind = url.pathExtension.lowercased()
    guard ["csv", "tsv", "json", "jsonl", "eaf", "textgrid", "vtt", "srt"].contains(kind),
      let data = beginning(of: url, kind: kind)
    else { return false }
    return isBorne(by: data, kind: kind)
  }

  /// Whether content bears the mark.
  ///
  /// - Parameter kind: what its file's name ends in, in lower case.
  static func isBorne(by data: Data, kind: String) -> Bool {
    switch kind {
    case "csv", "tsv": isTable(data)
    case "json", "jsonl": columns.allSatisfy { holds("\"\($0)\"", data) }
    case "eaf", "textgrid": holds(digest, data)
    case "vtt": holds(note, data.prefix(mostOfNote)) || isLabelledThroughout(data)
    case "srt": isLabelledThroughout(data)
    default: false
    }
  }

  /// A TextGrid may have its mark at its end, and Label Studio writes what people chose before what they saw.
  private static let most = 64 << 20
  private static let mostOfHeader = 64 << 10
  private static let mostOfNote = 4 << 10

  private static func beginning(of url: URL, kind: String) -> Data? {
    let limit = ["csv", "tsv", "vtt", "srt"].contains(kind) ? mostOfHeader : most
    let descriptor = open(url.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return try? file.read(upToCount: limit)
  }

  /// Whether the first line names the columns of an export.
  ///
  /// The names are in ASCII: of UTF-16, as spreadsheets save it, they are what is left without the zeros.
  private static func isTable(_ data: Data) -> Bool {
    let text = data.prefix(mostOfHeader).filter { $0 != 0 }
    guard let line = text.split(separator: UInt8(ascii: "\n")).first else { return false }
    let names = String(decoding: line, as: UTF8.self).split { ",;\t".contains($0) }.map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" '\r\u{FEFF}\u{FFFD}"))
    }
    return [columns, otherColumns].contains { $0.allSatisfy(names.contains) }
  }

  /// Whether the words of every cue begin with a label in brackets, behind the speaker: `Anna: [joy] Hello`.
  private static func isLabelledThroughout(_ data: Data) -> Bool {
    let lines = String(decoding: data.prefix(mostOfHeader), as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let cues = zip(lines, lines.dropFirst()).filter { $0.0.contains("-->") }.map(\.1)
    let label = #/(<v[^>]*>|[^\[]+: )\[[^\[\]]+\] /#
    return cues.count >= leastCues && cues.allSatisfy { (try? label.prefixMatch(in: $0)) != nil }
  }

  /// Fewer may be so by chance.
  private static let leastCues = 2

  /// Whether ASCII stands somewhere: in UTF-8, or in UTF-16 as Praat saves what is not ASCII.
  private static func holds(_ text: String, _ data: Data) -> Bool {
    let bytes = Array(text.utf8)
    let wide = bytes.flatMap { byte -> [UInt8] in [byte, 0] }
    // Without the last zero, so that either order of bytes is found.
    return data.firstRange(of: Data(bytes)) != nil || data.firstRange(of: Data(wide.dropLast())) != nil
  }
}
