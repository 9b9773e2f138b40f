import Foundation

/// The `.npz` format of numpy: a ZIP archive of `.npy` arrays, stored or compressed.
public struct NumpyArchive: Sendable {
  private let archive: ZipArchive

  /// Opens an archive; its arrays are read when asked for.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `InterchangeError` when it is no ZIP archive.
  public init(_ url: URL) throws {
    try self.init(InputFile.bytes(of: url), location: url.path)
  }

  /// Opens an archive in memory.
  ///
  /// - Parameter location: what to call the bytes in messages.
  public init(_ bytes: [UInt8], location: String) throws {
    archive = try ZipArchive(bytes, location: location)
  }

  /// The arrays' names, without `.npy`, in the archive's order.
  public var names: [String] {
    archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// Reads one array; nil where there is none of that name.
  ///
  /// - Throws: `InterchangeError` when the entry is damaged or no array of numbers.
  public func array(named name: String) throws -> NumericArray? {
    guard let entry = archive.entry(named: name + ".npy") else { return nil }
    return try NumpyFile.read(
      archive.content(of: entry), location: "\(archive.location): \(printable(entry.name))")
  }
}
