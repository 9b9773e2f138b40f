import Foundation

/// The lines of a file, one after the other: memory stays the same however long the file is.
public final class FileLines {
  private let url: URL
  private let descriptor: Int32
  private var piece: [UInt8]
  /// What of the piece has not been handed out yet.
  private var rest: Range<Int> = 0..<0
  private static let pieceSize = 1 << 17
  /// The longest line that is handed out whole.
  private static let longest = 1 << 24

  /// - Throws: `StorageError` when the file cannot be opened.
  public init(_ url: URL) throws {
    self.url = url
    descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    piece = [UInt8](repeating: 0, count: Self.pieceSize)
  }

  deinit {
    close(descriptor)
  }

  /// The next line without its end; nil where there is none.
  ///
  /// A line of more than 16 MiB comes in pieces, so that no file can fill the memory.
  ///
  /// - Throws: `StorageError` when the file cannot be read.
  public func next() throws -> [UInt8]? {
    var line: [UInt8]?
    while true {
      if rest.isEmpty {
        let count = try fill()
        if count == 0 { return line }
        rest = 0..<count
      }
      let end = piece[rest].firstIndex(of: 0x0A)
      line = (line ?? []) + piece[rest.lowerBound..<(end ?? rest.upperBound)]
      rest = (end.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
      if let line, end != nil || line.count >= Self.longest { return line }
    }
  }

  private func fill() throws -> Int {
    while true {
      let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      guard errno == EINTR else { throw StorageError("reading", url) }
    }
  }
}
