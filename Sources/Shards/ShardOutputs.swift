import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem

/// A shard's two files in the folder that all shards share: the rows, named by their content, and the record that names them.
///
/// Each is written under a name of its own and takes its place by one rename, the record last. So two attempts at one time
/// are harmless: each record names rows that are there, and whichever comes last stands.
public struct ShardOutputs: Sendable {
  private let folder: URL
  private let shard: Shard

  /// The outputs of a shard.
  ///
  /// - Parameter folder: where they lie; it may be shared by many machines.
  public init(in folder: URL, of shard: Shard) {
    self.folder = folder
    self.shard = shard
  }

  private var recordURL: URL { folder.appendingPathComponent(shard.stem + ".json", isDirectory: false) }

  /// Where the rows that a record names lie.
  public func url(of results: ShardRecord.Results) -> URL {
    folder.appendingPathComponent(results.file, isDirectory: false)
  }

  /// What an earlier attempt has come to; nil where there was none, or none that can be used.
  ///
  /// - Throws: `StorageError` where the record cannot be read.
  public func earlier() throws -> ShardRecord? {
    var status = stat()
    guard stat(recordURL.path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw StorageError("looking at", recordURL)
    }
    guard let json = try? Data(contentsOf: recordURL) else { throw StorageError("reading", recordURL, code: EIO) }
    return try? ShardRecord(json: json, from: recordURL)
  }

  /// Puts a file of rows and its record into the folder.
  ///
  /// Another attempt may have come as far meanwhile: then its outputs stay, and nothing is changed.
  ///
  /// - Parameters:
  ///   - rows: a file on a local disk.
  ///   - replaced: the record that this attempt began from: its rows are removed.
  ///   - record: made of the rows' name, digest and size.
  /// - Returns: the record that stands.
  /// - Throws: `StorageError`.
  public func place(
    _ rows: URL, replacing replaced: ShardRecord?,
    _ record: (_ file: String, _ sha256: String, _ bytes: Int) throws -> ShardRecord
  ) throws -> ShardRecord {
    let digest = try FileDigest.sha256(contentsOf: rows)
    var status = stat()
    guard stat(rows.path, &status) == 0 else { throw StorageError("looking at", rows) }
    let own = try record("\(shard.stem).\(digest.prefix(16)).sqlite", digest, Int(status.st_size))
    if let other = try earlier(), other != replaced, other.isAsFar(as: own) { return other }
    try write(to: url(of: own.results)) { temporary in
      do {
        try DurableFile.writeUnsynced(try Data(contentsOf: rows, options: .alwaysMapped), to: temporary)
      } catch let error as StorageError {
        throw StorageError("copying the results", url(of: own.results), code: error.code)
      }
    }
    try write(to: recordURL) { try DurableFile.writeUnsynced(try own.json(), to: $0) }
    if let replaced, replaced.results.file != own.results.file { unlink(url(of: replaced.results).path) }
    removeLitter()
    return own
  }

  /// A name that no other attempt, on whatever machine, chooses.
  private func write(to url: URL, _ content: (URL) throws -> Void) throws {
    let mark = String(UInt64.random(in: .min ... .max), radix: 16)
    let temporary = folder.appendingPathComponent("\(litterMark)\(mark).tmp", isDirectory: false)
    do {
      try content(temporary)
      try DurableFile.sync([temporary])
      try DurableFile.rename(temporary, to: url)
    } catch {
      unlink(temporary.path)
      throw error
    }
  }

  private var litterMark: String { ".\(shard.stem)." }

  /// Removes what attempts that were killed have left half copied; what is younger than an hour may be in somebody's hand.
  private func removeLitter() {
    try? FolderListing.forEach(in: folder) { name in
      guard let text = name.text, text.hasPrefix(litterMark), text.hasSuffix(".tmp"),
        let entry = FolderEntry(name, in: folder), Date().timeIntervalSince(entry.signature.modified) > 3600
      else { return }
      unlink(folder.appendingPathComponent(text).path)
    }
  }
}

extension ShardRecord {
  /// Whether an attempt's outcome holds all that another's does, on the same terms and inputs.
  fileprivate func isAsFar(as other: ShardRecord) -> Bool {
    guard terms == other.terms, inputs == other.inputs, list == other.list else { return false }
    return isComplete || (!other.isComplete && results.bundles >= other.results.bundles)
  }
}
