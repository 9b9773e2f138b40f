import Foundation

/// A folder of one test's own, removed with this object.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("ambq-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The place of a file or folder below this one, there or not.
  public subscript(path: String) -> URL { url.appendingPathComponent(path) }

  /// Writes a file below the folder, with the folders on its way.
  @discardableResult
  public func write(_ content: some Sequence<UInt8>, to path: String) throws -> URL {
    let file = url.appendingPathComponent(path, isDirectory: false)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content).write(to: file)
    return file
  }

  /// Writes a text file below the folder, with the folders on its way.
  @discardableResult
  public func write(_ text: String, to path: String) throws -> URL {
    try write(text.utf8, to: path)
  }
}
