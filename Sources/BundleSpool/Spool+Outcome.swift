import DialogueDomain
import Foundation
import OperatingSystem

extension Spool {
  /// Bytes that are hashed for the report on a bundle that fails: a file of holes can be of any size, and costs nothing.
  static let mostHashed = 1 << 30

  /// The digest of a claimed bundle's bytes; nil where they cannot be read, or are so many that it would hold up the queue.
  ///
  /// - Throws: `StorageError` where they cannot be read at the moment.
  public func digest(of claimed: ClaimedBundle) throws -> String? {
    do {
      let entry = try FolderEntry.find(FileName(claimed.name.text), in: layout.active)
      guard let entry, entry.signature.size <= Self.mostHashed else { return nil }
      return try FileDigest.sha256(contentsOf: claimed.url)
    } catch let error as StorageError where !error.isTransient {
      return nil
    }
  }

  /// Makes the bytes of a claimed bundle durable where they can be read: in `failed` it may take the place of its twin, and its
  /// producer may have renamed it without syncing.
  ///
  /// - Throws: `StorageError` where that fails at the moment.
  public func sync(_ claimed: ClaimedBundle) throws {
    do {
      try DurableFile.sync([claimed.url])
    } catch let error as StorageError where !error.isTransient {}
  }

  /// Whether a name in `done` is free, or taken by the same bytes.
  ///
  /// - Throws: `StorageError` where that cannot be told at the moment.
  public func isDoneNameFree(_ name: BundleName, digest: String) throws -> Bool {
    try isFree(name.text, in: layout.done, digest: digest)
  }

  /// Moves a finished bundle to `done`, over its identical twin if there is one, and forgets its earlier tries.
  ///
  /// - Throws: `StorageError`; the bundle is then still in `active`.
  public func moveToDone(_ claimed: ClaimedBundle, as name: BundleName) throws {
    try move(claimed, to: layout.done.appendingPathComponent(name.text, isDirectory: false))
  }

  /// Removes the report of an earlier failure of a bundle that has now been scored, unless that bundle still lies there.
  public func removeStaleReport(of claimed: ClaimedBundle) {
    let name = claimed.name.text
    guard FolderEntry.isGone(FileName(name), in: layout.failed) else { return }
    unlink(layout.failed.appendingPathComponent(name + SpoolCompanion.errorReport.ending).path)
  }

  /// The name a bundle gets in `failed`: its own, or with part of its digest where other bytes have that.
  ///
  /// - Throws: `StorageError` where it cannot be told at the moment what lies under a name there.
  public func failedName(of claimed: ClaimedBundle, digest: String?) throws -> BundleName {
    if let digest {
      let names = claimed.name.variants(digest: digest)
      return try names.first { try isFree($0.text, in: layout.failed, digest: digest) } ?? names[names.count - 1]
    }
    var name = claimed.name
    var number = 1
    while number < 1000, try FolderEntry.find(FileName(name.text), in: layout.failed) != nil {
      number += 1
      name = claimed.name.marked("\(number)")
    }
    return name
  }

  /// Writes the report beside the place where the bundle is about to lie.
  ///
  /// - Throws: `StorageError` when it cannot be written; nothing has changed then.
  public func writeReport(_ report: FailureReport, as name: BundleName) throws {
    let url = layout.failed.appendingPathComponent(name.text + SpoolCompanion.errorReport.ending, isDirectory: false)
    try DurableFile.write(try SpoolJSON.encode(report), to: url)
  }

  /// Moves a bundle to `failed` and forgets its earlier tries.
  ///
  /// - Throws: `StorageError`; the bundle is then still in `active`.
  public func moveToFailed(_ claimed: ClaimedBundle, as name: BundleName) throws {
    try move(claimed, to: layout.failed.appendingPathComponent(name.text, isDirectory: false))
  }

  /// The report beside a failed bundle; nil where there is none.
  public func report(beside name: String) -> FailureReport? {
    SpoolJSON.decode(
      FailureReport.self, from: layout.failed.appendingPathComponent(name + SpoolCompanion.errorReport.ending))
  }

  /// The names of the bundles in `failed`.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  public func failedBundles() throws -> [String] {
    try FolderListing.names(in: layout.failed).sorted().compactMap { name in
      FolderEntry(name, in: layout.failed).map(IntakeRule.init) == .bundle ? name.text : nil
    }
  }

  /// Renames without syncing, which saves two waits for the disk.
  ///
  /// Should a power cut undo the rename, the bundle is active again, and what was written about it is found as it is.
  private func move(_ claimed: ClaimedBundle, to target: URL) throws {
    freed.free(claimed.name)
    guard rename(claimed.url.path, target.path) == 0 else {
      throw StorageError("moving to \(target.path)", claimed.url)
    }
    // Of two links to one file, as a producer may leave them, rename(2) does nothing and calls it done.
    if isThere(claimed), FolderEntry.areOneFile(claimed.url, target) { unlink(claimed.url.path) }
    moveSidecar(FileName(claimed.name.text), in: layout.active, to: target)
    removeNote(of: claimed)
  }

  /// - Throws: `StorageError` where it cannot be told at the moment: with a guess another bundle's place would be taken, or
  ///   the same bytes lie there twice.
  private func isFree(_ name: String, in folder: URL, digest: String) throws -> Bool {
    do {
      guard let entry = try FolderEntry.find(FileName(name), in: folder) else { return true }
      guard entry.kind == .file else { return false }
      return try FileDigest.sha256(contentsOf: folder.appendingPathComponent(name, isDirectory: false)) == digest
    } catch let error as StorageError where !error.isTransient {
      return false
    }
  }
}

/// What becomes of finished bundles in time.
extension Spool {
  /// The bundles in `done`, without files of corrections, which have no labels.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  public func doneBundles() throws -> [FileName] {
    try FolderListing.names(in: layout.done).filter { name in
      InputKind(fileName: name.bytes) != .correction
        && FolderEntry(name, in: layout.done).map(IntakeRule.init) == .bundle
    }
  }

  /// Moves a bundle of `done` back into `incoming`, with its digest file, to be scored again.
  ///
  /// - Returns: false where it is gone, or where a bundle of that name waits there: it then stays.
  /// - Throws: `StorageError` for every other failure of the rename.
  public func takeBack(_ name: FileName) throws -> Bool {
    let code = name.withPath(in: layout.done) { from in
      name.withPath(in: layout.incoming) { ExclusiveRename.attempt(from, $0) }
    }
    guard code == 0 else {
      if code == ENOENT || code == EEXIST { return false }
      throw StorageError("moving a bundle back to incoming", layout.done.appendingPathComponent(name.shown), code: code)
    }
    moveSidecar(name, in: layout.done, to: layout.incoming.appendingPathComponent(name.shown, isDirectory: false))
    return true
  }

  /// Deletes the bundles that have been in `done` for more than `days`; labels and index rows stay.
  ///
  /// - Parameter days: 0 keeps everything.
  /// - Returns: how many were deleted.
  /// - Throws: `StorageError` when the folder cannot be read.
  public func removeDone(olderThan days: Int, at now: Date) throws -> Int {
    try remove(from: layout.done, olderThan: days, at: now)
  }

  /// The same for `failed`, with the reports; the index goes on telling of the failures.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  public func removeFailed(olderThan days: Int, at now: Date) throws -> Int {
    try remove(from: layout.failed, olderThan: days, at: now) { name in
      unlink(layout.failed.appendingPathComponent(name.shown + SpoolCompanion.errorReport.ending).path)
    }
  }

  private func remove(
    from folder: URL, olderThan days: Int, at now: Date, also: (FileName) -> Void = { _ in }
  ) throws -> Int {
    guard days > 0 else { return 0 }
    let oldest = now.addingTimeInterval(-86_400 * Double(days))
    var removed = 0
    for name in try FolderListing.names(in: folder) {
      guard let entry = FolderEntry(name, in: folder), IntakeRule(entry) == .bundle, entry.changed < oldest
      else { continue }
      if name.withPath(in: folder, { unlink($0) }) == 0 { removed += 1 }
      removeSidecar(name, in: folder)
      also(name)
    }
    return removed
  }
}

/// Why a bundle lies in `failed`: `<name>.error.json` beside it, with the parts of the explanation beside the rest.
public struct FailureReport: Sendable, Hashable {
  /// The bundle's name when it came.
  public var bundle: String
  /// SHA-256 of its bytes; absent where they cannot be read.
  public var digest: String?
  /// What is wrong with it.
  public var explanation: Explanation
  /// When it was given up.
  public var time: Date
  /// How often it was tried.
  public var tries: Int

  /// The report on a bundle that is given up.
  public init(_ explanation: Explanation, of claimed: ClaimedBundle, digest: String?, at time: Date) {
    bundle = claimed.name.text
    self.digest = digest
    self.explanation = explanation
    self.time = time
    tries = (claimed.note?.tries ?? 0) + 1
  }
}

extension FailureReport: Codable {
  private enum Key: CodingKey {
    case bundle, digest, time, tries
  }

  /// Reads a report.
  ///
  /// - Throws: `DecodingError` where a part is missing.
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: Key.self)
    bundle = try parts.decode(String.self, forKey: .bundle)
    digest = try parts.decodeIfPresent(String.self, forKey: .digest)
    explanation = try Explanation(from: decoder)
    time = try parts.decode(Date.self, forKey: .time)
    tries = try parts.decode(Int.self, forKey: .tries)
  }

  /// Writes the explanation's parts and the report's own into one object.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    try explanation.encode(to: encoder)
    var parts = encoder.container(keyedBy: Key.self)
    try parts.encode(bundle, forKey: .bundle)
    try parts.encodeIfPresent(digest, forKey: .digest)
    try parts.encode(time, forKey: .time)
    try parts.encode(tries, forKey: .tries)
  }
}

/// The notes and reports beside bundles: JSON for people and programs, the same bytes for the same content.
enum SpoolJSON {
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(value) + Data("\n".utf8)
  }

  /// Nil where the file is missing or does not hold such a value.
  static func decode<Value: Decodable>(_ type: Value.Type, from url: URL) -> Value? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try? decoder.decode(type, from: Data(contentsOf: url))
  }
}
