import Testing

@testable import OperatingSystem

struct FilesystemKindTests {
  @Test(arguments: [
    ("/mnt/lab/spool", "nfs4"), ("/mnt/lab", "nfs4"), ("/mnt/laboratory", "local"), ("/home/me", "local"),
    ("/mnt/with space/x", "cifs"), ("/home/me/over/there", "fuse.sshfs"),
  ])
  func theLongestMountPointAboveAPathDecides(_ path: String, _ expected: String) {
    let mounts = """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      40 22 0:35 / /mnt/lab rw,relatime shared:2 master:1 - nfs4 server:/lab rw,vers=4.2
      41 22 0:36 / /mnt/with\\040space rw - cifs //server/share rw
      42 22 0:37 / /home/me/over rw - ext4 /dev/sdb1 rw
      43 22 0:38 / /home/me/over rw - fuse.sshfs me@there: rw
      """
    let kind = FilesystemKind(holding: path, mounts: mounts)
    #expect(kind.name == expected)
    #expect(kind.isNetwork == (expected != "local"))
  }

  @Test(arguments: ["nfs", "cifs", "smb3", "9p", "ceph", "lustre", "gpfs", "vboxsf", "fuse.sshfs"])
  func networkFilesystemsTellNothingAndHaveAClockOfTheirOwn(type: String) {
    let kind = FilesystemKind(type: type)
    #expect(kind.isNetwork && kind.clockMayDiffer && !kind.tellsOfChanges)
  }

  @Test(arguments: ["fuseblk", "fuse.mergerfs", "virtiofs"])
  func ofOthersInUserSpaceNobodyKnowsWhoseClockTheyHave(type: String) {
    let kind = FilesystemKind(type: type)
    #expect(!kind.isNetwork && kind.clockMayDiffer && !kind.tellsOfChanges)
  }

  @Test func anOverlayHidesChangesOfItsLayers() {
    let kind = FilesystemKind(type: "overlay")
    #expect(!kind.isNetwork && !kind.clockMayDiffer && !kind.tellsOfChanges)
  }

  @Test(arguments: ["ext4", "btrfs", "tmpfs", ""])
  func localOnesTellOfChanges(type: String) {
    let kind = FilesystemKind(type: type)
    #expect(kind.name == "local")
    #expect(!kind.isNetwork && !kind.clockMayDiffer && kind.tellsOfChanges)
  }
}
