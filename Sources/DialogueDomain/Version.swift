/// The version of the programs, which are released together.
public enum Version {
  /// The number alone: `0.1.0`.
  public static let current = "0.1.0"

  /// What `--version` of a program prints: `ambq 0.1.0`.
  public static func line(of program: String) -> String { "\(program) \(current)" }
}
