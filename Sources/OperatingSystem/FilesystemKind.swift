import CSystem
import Foundation

/// The filesystem that holds a folder, as far as noticing arrivals depends on it.
public struct FilesystemKind: Sendable, Hashable {
  /// Its usual name, such as `nfs`.
  public let name: String
  /// False where other machines or layers may change files without the kernel's telling.
  public let tellsOfChanges: Bool
  /// Whether the files lie on another machine, whose clock may differ.
  public let isNetwork: Bool

  /// The filesystem of a folder; one that cannot be asked counts as an ordinary local one.
  public init(of folder: URL) {
    self.init(magic: cs_filesystem_type(folder.path))
  }

  /// - Parameter magic: `f_type` of statfs(2).
  public init(magic: Int64) {
    switch magic {
    case 0x6969: self.init("nfs", isNetwork: true)
    case 0x517B, 0xFF53_4D42, 0xFE53_4D42: self.init("smb", isNetwork: true)
    case 0x0102_1997: self.init("9p", isNetwork: true)
    case 0x00C3_6400: self.init("ceph", isNetwork: true)
    case 0x5346_414F, 0x6B41_4653: self.init("afs", isNetwork: true)
    case 0x0BD0_0BD0: self.init("lustre", isNetwork: true)
    case 0x4750_4653: self.init("gpfs", isNetwork: true)
    case 0x786F_4256: self.init("vboxsf", isNetwork: true)
    case 0x6573_5546: self.init("fuse", isNetwork: true)
    case 0x794C_7630: self.init("overlay", isNetwork: false)
    default: self.init(name: "local", tellsOfChanges: true, isNetwork: false)
    }
  }

  private init(_ name: String, isNetwork: Bool) {
    self.init(name: name, tellsOfChanges: false, isNetwork: isNetwork)
  }

  private init(name: String, tellsOfChanges: Bool, isNetwork: Bool) {
    self.name = name
    self.tellsOfChanges = tellsOfChanges
    self.isNetwork = isNetwork
  }
}
