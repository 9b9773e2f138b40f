/// What the daemon makes of a name it finds in `incoming`.
public enum IntakeRule: Sendable, Hashable {
  /// A bundle to score.
  case bundle
  /// Known litter and unfinished copies: passed over in silence.
  case ignored
  /// Not ours: left where it is, and said so once.
  case foreign(reason: String)

  private static let unfinished = [".part", ".partial", ".tmp", ".filepart", ".crdownload", "~"]
  /// A digest beside a bundle, which travels with it.
  private static let sidecar = ".h5.sha256"
  private static let litter: Set<String> = ["@eaDir", "lost+found", "Thumbs.db", "desktop.ini"]

  public init(_ entry: FolderEntry) {
    let bytes = entry.name.bytes
    let name = entry.name.shown
    if bytes.first == UInt8(ascii: ".") || Self.litter.contains(name)
      || Self.unfinished.contains(where: { name.lowercased().hasSuffix($0) })
      || name.lowercased().hasSuffix(Self.sidecar)
    {
      self = .ignored
      return
    }
    switch entry.kind {
    case .folder: self = .foreign(reason: "it is a folder; only files directly in incoming are taken")
    case .link: self = .foreign(reason: "it is a symbolic link; only files themselves are taken")
    case .other: self = .foreign(reason: "it is not a regular file")
    case .file:
      let ending = bytes.suffix(3)
      let isBundle =
        bytes.count > 3 && (ending.elementsEqual(".h5".utf8) || ending.elementsEqual(".H5".utf8))
      self = isBundle ? .bundle : .foreign(reason: "its name does not end in .h5")
    }
  }
}
