import CSystem

/// What can be seen of a file before it is claimed.
public struct Sighting {
  public let entry: FolderEntry
  private let askForWriter: () -> Bool

  /// - Parameter hasWriter: asked only when it matters, since it opens the file.
  public init(entry: FolderEntry, hasWriter: @escaping () -> Bool) {
    self.entry = entry
    askForWriter = hasWriter
  }

  /// Whether some process holds the file open for writing.
  public var hasWriter: Bool { askForWriter() }
}

/// True where a process on this machine holds the file open for writing; false where none does or none can be told.
func hasWriter(_ path: UnsafePointer<CChar>) -> Bool {
  cs_has_writer(path) == 1
}
