import CZlib

/// Raw deflate streams, as ZIP archives hold them, undone by zlib.
enum Inflate {
  /// The most a stream is unpacked to, so that a small hostile file cannot fill the memory.
  static let largestSize = 1 << 30

  /// No deflate stream unpacks to more than this many times its size.
  private static let largestRatio = 1032

  /// The unpacked bytes; nil where the stream is damaged or does not unpack to exactly `count` bytes.
  static func bytes(of stream: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    guard count <= largestSize, count / largestRatio <= stream.count, stream.count <= Int(UInt32.max) else {
      return nil
    }
    var zlib = z_stream()
    let headerless = -MAX_WBITS
    guard inflateInit2_(&zlib, headerless, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&zlib) }
    // One byte more than asked, so that a stream that goes on shows.
    var output = [UInt8](repeating: 0, count: count + 1)
    let status = stream.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { target in
        // zlib reads through this pointer only; its declaration predates const.
        zlib.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
        zlib.avail_in = UInt32(source.count)
        zlib.next_out = target.bindMemory(to: UInt8.self).baseAddress
        zlib.avail_out = UInt32(target.count)
        return inflate(&zlib, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, zlib.total_out == count else { return nil }
    output.removeLast()
    return output
  }

  /// CRC-32 as ZIP archives record it.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      UInt32(truncatingIfNeeded: crc32_z(0, raw.bindMemory(to: UInt8.self).baseAddress, raw.count))
    }
  }
}
