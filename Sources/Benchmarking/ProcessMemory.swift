import Foundation

/// What this process holds in memory, as the system counts it.
public enum ProcessMemory {
  /// The greatest resident size so far, in bytes; nil where the system does not say.
  public static var peak: Int? { peak(of: "self") }

  /// The resident size now, in bytes.
  public static var resident: Int? { field("VmRSS:", of: "self") }

  static func peak(of process: String) -> Int? { field("VmHWM:", of: process) }

  static func resident(of process: String) -> Int? { field("VmRSS:", of: process) }

  private static func field(_ name: String, of process: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }
}
