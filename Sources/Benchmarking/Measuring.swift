import DialogueDomain
import Foundation

/// The middle value; the mean of the two middle ones of an even number.
public func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Seconds that `body` took on the clock.
func measured(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let duration = try clock.measure(body)
  return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Processor time of this process so far, over all its threads.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Runs `body` with a new folder that is removed afterwards.
func withWorkFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// What a process holds in memory, as the system counts it.
public enum ProcessMemory {
  /// The greatest resident size of this process so far, in bytes; nil where the system does not say.
  public static var peak: Int? { peak(of: "self") }

  static func peak(of process: String) -> Int? { field("VmHWM:", of: process) }

  /// The resident size now, in bytes.
  static func resident(of process: String) -> Int? { field("VmRSS:", of: process) }

  private static func field(_ name: String, of process: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }
}

/// Processor seconds of another process, and of its children that have been waited for.
struct ProcessTimes {
  let own: Double
  let children: Double

  /// Not numbers where the process is gone.
  init(of process: Int32) {
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    // After the name, which may hold spaces: user and system time of the process, then of its children.
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    func seconds(_ first: Int) -> Double {
      guard fields.count > first + 1, let user = Double(fields[first]), let system = Double(fields[first + 1]) else {
        return .nan
      }
      return (user + system) / ticks
    }
    own = seconds(12)
    children = seconds(14)
  }
}

/// A program under measurement did not do its part, or a record of measurements cannot be read.
public struct BenchmarkError: ExplainedError {
  /// What it did not do, and where to look.
  public let explanation: Explanation

  init(_ what: String, program: URL) {
    explanation = Explanation(.io, what, at: program.path, remedy: "Run it by hand to see what it says.")
  }

  init(_ explanation: Explanation) { self.explanation = explanation }
}
