import DialogueDomain

/// A file from elsewhere cannot be taken in: a table, an array, an archive or a set of them that do not fit together.
public struct FeatureImportError: ExplainedError {
  /// What is wrong, where, and what was expected.
  public let explanation: Explanation

  /// An error in the content of a file.
  init(
    _ what: String, at location: String?, found: String? = nil, expected: String? = nil, remedy: String? = nil
  ) {
    explanation = Explanation(.data, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}

/// A foreign name as it may stand in a message: control characters replaced, cut after 80 characters.
func printable(_ name: String) -> String {
  let cleaned = name.unicodeScalars.prefix(80).map { scalar in
    scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : Character(scalar)
  }
  return String(cleaned) + (name.unicodeScalars.count > 80 ? "…" : "")
}
