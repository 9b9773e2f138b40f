import DialogueBundles
import Foundation

/// The smallest program that reads bundles in child processes: the tests' stand-in for `ambd` and `ambtrain`.
///
/// `bundle-reader FILE COUNT` reads a file so many times and prints how many descriptors and child processes are left.
@main
enum Program {
  static func main() throws {
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
    guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]) else { return }
    let file = URL(fileURLWithPath: CommandLine.arguments[1])
    let before = try openDescriptors()
    var failures = 0
    do {
      let reader = IsolatedBundleReader()
      for _ in 0..<count {
        do { _ = try reader.read(file) } catch { failures += 1 }
      }
    }
    // With nobody left to wait for, waiting fails at once.
    let hasChildren = waitpid(-1, nil, WNOHANG) >= 0
    print(
      "\(failures) failures, \(try openDescriptors() - before) descriptors, \(hasChildren ? "children" : "no children") left"
    )
  }

  private static func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }
}
