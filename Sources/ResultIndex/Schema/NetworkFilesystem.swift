import Foundation

/// Tells whether a file lies on a filesystem that other machines write to as well.
enum NetworkFilesystem {
  /// Types, as the kernel names them, on which SQLite's shared memory and locks do not hold.
  private static let types: Set<String> = [
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.ceph-fuse", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
    "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs",
  ]

  /// The type of the network filesystem that holds `url`; nil on a local one, or where the kernel does not tell.
  static func type(holding url: URL) -> String? {
    let folder = url.deletingLastPathComponent().resolvingSymlinksInPath().path
    guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return nil }
    return type(holding: folder, mounts: mounts)
  }

  /// The same from the text of `/proc/self/mountinfo`: the longest mount point above the folder decides.
  static func type(holding folder: String, mounts: String) -> String? {
    var best: (length: Int, type: String)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: false)
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
      let point = unescaped(fields[4])
      guard point == "/" || folder == point || folder.hasPrefix(point + "/") else { continue }
      // A later mount on the same point covers an earlier one.
      if point.utf8.count >= best?.length ?? 0 { best = (point.utf8.count, String(fields[dash + 1])) }
    }
    return best.flatMap { types.contains($0.type) ? $0.type : nil }
  }

  /// The kernel writes space, tab, line feed and backslash as three octal digits.
  private static func unescaped(_ field: Substring) -> String {
    String(field).replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing("\\012", with: "\n")
      .replacing("\\134", with: "\\")
  }
}
