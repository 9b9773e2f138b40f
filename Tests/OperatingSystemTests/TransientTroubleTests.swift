import Foundation
import Testing

@testable import OperatingSystem

struct TransientTroubleTests {
  private let url = URL(fileURLWithPath: "/x", isDirectory: false)

  @Test(arguments: [ENOSPC, EDQUOT, EAGAIN, EBUSY, EIO, EMFILE])
  func troubleThatPassesIsTransient(code: Int32) {
    #expect(StorageError("writing", url, code: code).isTransient)
  }

  @Test(arguments: [ENOENT, EACCES, EXDEV, EINVAL, ENOTDIR])
  func troubleThatStaysIsNot(code: Int32) {
    #expect(!StorageError("writing", url, code: code).isTransient)
  }
}
