import Foundation

/// JSON strings, one a line, out of bytes that arrive piece by piece.
public struct TextLines: Sendable {
  private var rest = Data()
  private var line = 0
  private var hasEnded = false

  /// No bytes yet.
  public init() {}

  /// The texts of the lines that are complete with the next piece, blank lines left out; nil once all has been read.
  ///
  /// - Parameter piece: bytes as they come; empty at the end of the input.
  /// - Throws: `EncoderError.notAText` where a line is something else, with its number.
  public mutating func next(_ piece: Data) throws -> [String]? {
    if hasEnded { return nil }
    hasEnded = piece.isEmpty
    rest.append(piece)
    var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    rest = hasEnded ? Data() : Data(lines.removeLast())
    var texts: [String] = []
    for bytes in lines {
      line += 1
      if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) {
        continue
      }
      do {
        texts.append(try JSONDecoder().decode(String.self, from: Data(bytes)))
      } catch {
        throw EncoderError.notAText(line: line)
      }
    }
    return texts
  }
}
