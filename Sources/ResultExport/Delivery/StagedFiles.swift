import DialogueDomain
import Foundation
import Glibc
import OperatingSystem

/// Files that lie aside until all of them are whole, and then get their names: each of them durably, and none that is
/// there already unless that is meant.
struct StagedFiles {
  private let folder: URL
  private let stage: URL
  private(set) var count = 0

  /// - Parameter folder: where the files will lie; it is made where it is missing.
  /// - Throws: `StorageError`.
  init(in folder: URL) throws {
    self.folder = folder
    try DurableFile.makeFolder(folder)
    stage = TemporaryName.beside(folder.appendingPathComponent("export"), isDirectory: true)
    try? FileManager.default.removeItem(at: stage)
    guard mkdir(stage.path, 0o700) == 0 else { throw StorageError("creating the folder", stage) }
  }

  /// Takes one more document.
  ///
  /// - Throws: `StorageError`.
  mutating func add(_ bytes: [UInt8]) throws {
    try DurableFile.writeUnsynced(Data(bytes), to: staged(count))
    count += 1
  }

  /// A file that somebody else fills, as the next document; the caller closes the descriptor.
  ///
  /// - Throws: `StorageError`.
  mutating func addOpen() throws -> Int32 {
    let url = staged(count)
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError("creating", url) }
    count += 1
    return descriptor
  }

  /// Gives the documents their names, in the order in which they were added.
  ///
  /// - Throws: `ExportError` where one is taken and may not be replaced: nothing has got a name then. `StorageError`.
  func commit(as names: [String], replacing: Bool) throws {
    let targets = names.map { folder.appendingPathComponent($0) }
    let taken = replacing ? [] : targets.filter(Self.isTaken)
    guard taken.isEmpty else { throw ExportError.exists(taken.prefix(3).map(\.path), count: taken.count) }
    try DurableFile.sync(targets.indices.map(staged))
    for (number, target) in targets.enumerated() {
      if replacing {
        guard rename(staged(number).path, target.path) == 0 else { throw StorageError("writing", target) }
      } else {
        try ExclusiveRename.move(staged(number), to: target)
      }
    }
    try DurableFile.syncFolder(folder)
    discard()
  }

  /// Removes what has no name yet.
  func discard() {
    try? FileManager.default.removeItem(at: stage)
  }

  static func isTaken(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0
  }

  private func staged(_ number: Int) -> URL { stage.appendingPathComponent(String(number)) }
}
