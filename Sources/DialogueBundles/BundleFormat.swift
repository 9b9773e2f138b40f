import CHDF5
import DialogueDomain
import Glibc

/// What version 1 of the dialogue feature bundle fixes by name; dialogue-bundle(5) is its description.
public enum BundleFormat {
  /// The root attribute `format`.
  public static let name = "dialogue-feature-bundle"
  /// The root attribute `version`.
  public static let version: Int64 = 1
  /// Bytes of UTF-8 that an id, a speaker or any other name may have.
  public static let longestName = 1024
  /// Names that the attribute `emotions` may hold.
  static let mostEmotions = 1024

  enum Path {
    static let dialogueID = "/dialogue/id"
    static let offset = "/dialogue/offset"
    static let speaker = "/speaker"
    static let utteranceID = "/utterance/id"
    static let start = "/utterance/start"
    static let end = "/utterance/end"
    static let text = "/utterance/text"
    static let label = "/label"

    static func features(_ modality: Modality) -> String { "/\(modality.rawValue)" }
  }

  enum Attribute {
    static let format = "format"
    static let version = "version"
    static let dataset = "dataset"
    static let emotions = "emotions"

    static func extractor(_ modality: Modality) -> String { "\(modality.rawValue)_extractor" }
  }
}

/// The words of an utterance.
enum Words {
  /// The words' bytes as a string; nil where there are none.
  ///
  /// - Throws: `BundleError` naming `place` where they are not UTF-8.
  static func checked(_ bytes: UnsafeRawBufferPointer, at place: String) throws -> String? {
    guard !bytes.isEmpty else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw BundleError.invalidUTF8(at: place) }
    return text
  }
}

/// Text that names something: an id, a speaker, an emotion, an extractor.
enum Name {
  /// A name's bytes as a string.
  ///
  /// - Throws: `BundleError` naming `place`: empty, too long, not UTF-8, or with control characters in it.
  static func checked(_ bytes: UnsafeRawBufferPointer, at place: String) throws -> String {
    guard !bytes.isEmpty else { throw BundleError.emptyName(at: place) }
    guard bytes.count <= BundleFormat.longestName else {
      throw BundleError.longName(at: place, bytes: bytes.count)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw BundleError.invalidUTF8(at: place) }
    for scalar in text.unicodeScalars where breaksLines(scalar) {
      throw BundleError.controlCharacter(scalar, at: place)
    }
    return text
  }

  /// The bytes of a string that ends with a zero; none where there is no string.
  static func bytes(_ string: UnsafePointer<CChar>?) -> UnsafeRawBufferPointer {
    guard let string else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: string, count: strlen(string))
  }

  /// The text in a field of fixed length, without what fills it up.
  static func text(of field: UnsafeRawBufferPointer, _ padding: HDF5Element.Padding) -> UnsafeRawBufferPointer {
    let filler: UInt8 = padding == .spaces ? 0x20 : 0
    var end = padding == .zeros ? field.firstIndex(of: 0) ?? field.count : field.count
    while end > 0, field[end - 1] == filler { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: field[..<end])
  }

  /// Control characters, and the two separators that Unicode adds to them.
  private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
