import Foundation

/// What this process holds in memory, as the system counts it.
public enum ProcessMemory {
  /// The greatest resident size so far, in bytes; nil where the system does not say.
  public static var peak: Int? { field("VmHWM:") }

  /// The resident size now, in bytes.
  public static var resident: Int? { field("VmRSS:") }

  private static func field(_ name: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }
}
