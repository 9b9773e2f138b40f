import Foundation

/// A name in a folder as the kernel has it: bytes, which need not be UTF-8.
public struct FileName: Hashable, Sendable, Comparable {
  public let bytes: [UInt8]

  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The name as text, where it is UTF-8.
  public var text: String? {
    String(validating: bytes, as: UTF8.self)
  }

  /// The name for messages: bytes that are not UTF-8 show as replacement characters.
  public var shown: String {
    String(decoding: bytes, as: UTF8.self)
  }

  public static func < (left: FileName, right: FileName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// Calls `body` with the path of this name in a folder, for system calls.
  func withPath<Result>(in folder: URL, _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    var path = folder.path.utf8.map(CChar.init(bitPattern:))
    path.append(CChar(bitPattern: UInt8(ascii: "/")))
    path += bytes.map(CChar.init(bitPattern:))
    path.append(0)
    return try path.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("a path holds at least its end") }
      return try body(start)
    }
  }
}
