import Foundation

extension String {
  /// The text with its letters composed (Unicode's NFC), as names are kept: file servers hand out `ö` as `o` and two dots.
  public var composed: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
  }
}
