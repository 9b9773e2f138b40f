import Foundation

/// The filesystem that holds a file or folder, by the type that the kernel has it mounted as.
public struct FilesystemKind: Sendable, Hashable {
  /// The kernel's name of the type where it matters, such as `nfs4`; `local` for any ordinary one.
  public let name: String
  /// Whether other machines write to it as well, so that locks and memory shared through files do not hold.
  public let isNetwork: Bool
  /// False where other machines or layers may change files without the kernel's telling.
  public let tellsOfChanges: Bool
  /// Whether the files may lie on another machine, whose clock may differ; of filesystems in user space nobody knows.
  public let clockMayDiffer: Bool

  private static let networkTypes: Set<String> = [
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.ceph-fuse", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
    "fuse.sshfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs", "vboxsf",
  ]

  /// The filesystem of a file or folder that may not be there yet; one that cannot be told counts as a local one.
  public init(of url: URL) {
    let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
    self.init(holding: url.resolvingSymlinksInPath().path, mounts: mounts ?? "")
  }

  /// - Parameter type: as in the list of mounts, such as `ext4`.
  public init(type: String) {
    isNetwork = Self.networkTypes.contains(type)
    let isInUserSpace = type.hasPrefix("fuse") || type == "virtiofs"
    clockMayDiffer = isNetwork || isInUserSpace
    tellsOfChanges = !clockMayDiffer && type != "overlay"
    name = tellsOfChanges ? "local" : type
  }

  /// - Parameter mounts: the text of `/proc/self/mountinfo`; the longest mount point above the path decides.
  init(holding path: String, mounts: String) {
    var best: (length: Int, type: String)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: false)
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
      let point = Self.unescaped(fields[4])
      guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
      // A later mount on the same point covers an earlier one.
      if point.utf8.count >= best?.length ?? 0 { best = (point.utf8.count, String(fields[dash + 1])) }
    }
    self.init(type: best?.type ?? "")
  }

  /// The kernel writes space, tab, line feed and backslash as three octal digits.
  private static func unescaped(_ field: Substring) -> String {
    String(field).replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing("\\012", with: "\n")
      .replacing("\\134", with: "\\")
  }
}
