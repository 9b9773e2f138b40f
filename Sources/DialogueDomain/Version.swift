/// The version of the programs, which are released together.
public enum Version {
  /// The number alone; between releases, the next one's with `-dev`.
  public static let current = "0.2.0-dev"

  /// What `--version` of a program prints: `ambq 0.2.0`.
  public static func line(of program: String) -> String { "\(program) \(current)" }
}
