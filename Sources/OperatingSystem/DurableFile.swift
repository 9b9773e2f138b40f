import Foundation

/// Writes files that are either wholly there after a crash or not there at all.
public enum DurableFile {
  /// Writes `content` under a temporary name in the same folder, syncs it, renames it to `url` and syncs the folder.
  ///
  /// - Throws: `StorageError` naming the path and the system's reason, whenever a step fails; `url` is then untouched.
  public static func write(_ content: Data, to url: URL) throws {
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).tmp")
    do {
      try write(content, to: temporary, synced: true)
      try rename(temporary, to: url)
    } catch let error as StorageError {
      unlink(temporary.path)
      // Nobody asked for the temporary name.
      throw StorageError("writing", url, code: error.code)
    }
  }

  /// Moves a file within one filesystem, atomically, replacing `target`, and syncs the folders of both names.
  public static func rename(_ source: URL, to target: URL) throws {
    guard Glibc.rename(source.path, target.path) == 0 else { throw StorageError("renaming to \(target.path)", source) }
    try syncFolder(target.deletingLastPathComponent())
    if source.deletingLastPathComponent() != target.deletingLastPathComponent() {
      try syncFolder(source.deletingLastPathComponent())
    }
  }

  /// Makes a folder and those above it that are missing; one that is there already is fine.
  ///
  /// - Throws: `StorageError` naming the folder that cannot be made.
  public static func makeFolder(_ folder: URL) throws {
    var status = stat()
    if stat(folder.path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw StorageError("creating the folder", folder, code: ENOTDIR)
      }
      return
    }
    let parent = folder.deletingLastPathComponent()
    if errno == ENOENT, parent.path != folder.path { try makeFolder(parent) }
    guard mkdir(folder.path, 0o777) == 0 || errno == EEXIST else { throw StorageError("creating the folder", folder) }
  }

  /// Makes the names in a folder durable.
  public static func syncFolder(_ folder: URL) throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening the folder", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StorageError("syncing the folder", folder) }
  }

  /// Writes a file that is not yet safe from a crash: call `sync` before relying on it.
  ///
  /// For many files of one folder that takes its place as a whole.
  public static func writeUnsynced(_ content: Data, to url: URL) throws {
    try write(content, to: url, synced: false)
  }

  /// Makes the content of a file durable.
  public static func sync(_ url: URL) throws {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StorageError("syncing", url) }
  }

  private static func write(_ content: Data, to url: URL, synced: Bool) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError("creating", url) }
    defer { close(descriptor) }
    try content.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw StorageError("writing", url) }
        written += count
      }
    }
    guard !synced || fsync(descriptor) == 0 else { throw StorageError("syncing", url) }
  }
}
