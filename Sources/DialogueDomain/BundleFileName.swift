/// The kinds of files that the daemon labels; the end of a file's name tells which it is.
///
/// A further kind is one more case with its endings: the daemon then takes such files, and `ambq status` counts them.
public enum InputKind: String, CaseIterable, Sendable, Hashable {
  /// A dialogue feature bundle.
  case featureBundle = "feature-bundle"
  /// What a recogniser, a subtitle editor or an annotator wrote.
  case transcript
  /// What people say was felt instead: it makes no labels of its own.
  case correction

  /// How the names of such files end, in lower case; capitals are taken as well.
  public var endings: [String] {
    switch self {
    case .featureBundle: [".h5"]
    case .transcript: [".vtt", ".srt", ".json", ".eaf", ".textgrid", ".cha", ".csv", ".tsv", ".txt"]
    case .correction:
      [".corrections.jsonl", ".jsonl"] + ["csv", "tsv", "json", "eaf", "textgrid"].map { ".corrections.\($0)" }
    }
  }

  /// The endings of all kinds, without those that end in another one.
  public static var allEndings: [String] {
    let all = allCases.flatMap(\.endings)
    return all.filter { ending in !all.contains { $0 != ending && ending.hasSuffix($0) } }
  }

  /// The kind that a file's name tells by its ending; nil where it tells none, or is nothing but an ending.
  ///
  /// - Parameter name: the name as the kernel has it, which need not be UTF-8.
  public init?(fileName name: some BidirectionalCollection<UInt8>) {
    // Corrections first: their endings are longer ones of transcripts'.
    let kind = Self.allCases.reversed().first { kind in
      kind.endings.contains { $0.utf8.count < name.count && hasEnding(name, $0) }
    }
    guard let kind else { return nil }
    self = kind
  }

  /// The ending of an input's name as it is written there, such as `.h5`; empty where it has none of the known ones.
  public static func ending(of name: String) -> Substring {
    name.suffix(allCases.flatMap(\.endings).filter { hasEnding(name.utf8, $0) }.map(\.count).max() ?? 0)
  }
}

/// A small file that the spool keeps beside an input: the input's whole name with one more ending.
public enum SpoolCompanion: String, CaseIterable, Sendable, Hashable {
  /// A digest, which travels with the file and proves a copy whole.
  case digest = ".sha256"
  /// Why a file in `failed` could not be labelled.
  case errorReport = ".error.json"
  /// How often a file in `deferred` has been tried, and when it is tried next.
  case deferralNote = ".deferral.json"

  /// What follows the input's name.
  public var ending: String { rawValue }

  /// The companion that a name tells; nil where it is none, or what it follows is no input's name.
  init?(fileName name: some BidirectionalCollection<UInt8>) {
    let companion = Self.allCases.first { companion in
      hasEnding(name, companion.ending) && InputKind(fileName: name.dropLast(companion.ending.utf8.count)) != nil
    }
    guard let companion else { return nil }
    self = companion
  }
}

/// What the name of a file in a spool's folder says of it: the one rule for which files are bundles.
///
/// The daemon takes bundles by it, and `ambq status` counts them by it.
///
/// ```swift
/// BundleFileName("friday.h5".utf8)       // .bundle
/// BundleFileName("friday.h5.part".utf8)  // .ignored
/// BundleFileName("talk.vtt".utf8)        // .bundle
/// BundleFileName("notes.odt".utf8)       // .foreign
/// ```
public enum BundleFileName: Sendable, Hashable {
  /// Something to label: a file of one of the `InputKind`s.
  case bundle
  /// An unfinished copy, a hidden file, a digest beside a bundle, or what desktops and filesystems leave behind.
  case ignored
  /// Anything else.
  case foreign

  private static let unfinished = [".part", ".partial", ".tmp", ".filepart", ".crdownload", "~"]
  private static let litter = ["@eaDir", "lost+found", "Thumbs.db", "desktop.ini"]

  /// - Parameter bytes: the name as the kernel has it, which need not be UTF-8.
  public init(_ bytes: some BidirectionalCollection<UInt8>) {
    if bytes.first == UInt8(ascii: ".") || Self.litter.contains(where: { bytes.elementsEqual($0.utf8) })
      || Self.unfinished.contains(where: { hasEnding(bytes, $0) })
    {
      self = .ignored
      return
    }
    switch SpoolCompanion(fileName: bytes) {
    case .digest: self = .ignored
    case .errorReport, .deferralNote: self = .foreign
    case nil: self = InputKind(fileName: bytes) == nil ? .foreign : .bundle
    }
  }
}

/// Whether a name ends so, whatever the case of its ASCII letters.
///
/// - Parameter ending: in lower case.
private func hasEnding(_ name: some BidirectionalCollection<UInt8>, _ ending: String) -> Bool {
  let lowered = name.suffix(ending.utf8.count).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  return lowered.elementsEqual(ending.utf8)
}
