import DialogueDomain

/// What the daemon makes of a name it finds in `incoming`.
public enum IntakeRule: Sendable, Hashable {
  /// A bundle to score.
  case bundle
  /// Known litter and unfinished copies: passed over in silence.
  case ignored
  /// Not ours: left where it is, and said so once.
  case foreign(reason: String)

  public init(_ entry: FolderEntry) {
    let name = BundleFileName(entry.name.bytes)
    switch (name, entry.kind) {
    case (.ignored, _): self = .ignored
    case (_, .folder): self = .foreign(reason: "it is a folder; only files directly in incoming are taken")
    case (_, .link): self = .foreign(reason: "it is a symbolic link; only files themselves are taken")
    case (_, .other): self = .foreign(reason: "it is not a regular file")
    case (.bundle, .file): self = .bundle
    case (.foreign, .file):
      self = .foreign(reason: "its name does not end in \(InputKind.allEndings.joined(separator: ", "))")
    }
  }
}
