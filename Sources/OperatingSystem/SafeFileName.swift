import Foundation

/// File names for identifiers that may hold anything: slashes, dots, control characters, any length.
public enum SafeFileName {
  /// Leaves room below the system's 255 bytes for an ending and a temporary name.
  private static let limit = 180

  /// A name that cannot leave its folder, is not hidden, and differs for different identifiers.
  ///
  /// Control characters, `/`, `\`, `%` and a leading dot become `%` and two hexadecimal digits; the empty identifier
  /// becomes `%`. What is too long is cut and gets part of a digest of the whole.
  public static func of(_ identifier: String) -> String {
    if identifier.isEmpty { return "%" }
    var name = ""
    for (index, scalar) in identifier.unicodeScalars.enumerated() {
      let isUnsafe =
        scalar.value < 0x20 || scalar.value == 0x7F || ["/", "\\", "%"].contains(scalar)
        || index == 0 && scalar == "."
      if isUnsafe {
        name += (scalar.value < 16 ? "%0" : "%") + String(scalar.value, radix: 16, uppercase: true)
      } else {
        name.unicodeScalars.append(scalar)
      }
    }
    guard name.utf8.count > limit else { return name }
    var start = ""
    for character in name where start.utf8.count + character.utf8.count <= limit - 9 { start.append(character) }
    return "\(start)~\(FileDigest.sha256(Data(identifier.utf8)).prefix(8))"
  }
}
