import DialogueBundles
import Foundation
import HostileCode
import OperatingSystem

/// The smallest program that reads bundles in child processes: the tests' stand-in for `ambd` and `ambtrain`.
///
/// `bundle-reader escape NAME FOLDER` enters the sandbox and tries one way out of it: 0 where that fails, 1 where it works.
/// `bundle-reader sample FOLDER` writes small bundles for the fuzzer to begin with.
/// `bundle-reader FILE COUNT` reads a file so many times and prints how many descriptors and child processes are left.
@main
enum Program {
  static func main() throws {
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments) { path in
      misbehave(URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent)
    }
    if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "escape" {
      hostile_prepare()
      // Without it, every attempt is expected to work: that is what makes the test one that can fail.
      if CommandLine.arguments[2].hasPrefix("unconfined:") == false { ProcessSandbox.enter() }
      let name = CommandLine.arguments[2].replacingOccurrences(of: "unconfined:", with: "")
      _exit(hostile_attempt(name, CommandLine.arguments[3]))
    }
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "sample" {
      return try writeSamples(URL(fileURLWithPath: CommandLine.arguments[2], isDirectory: true))
    }
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

  private static func writeSamples(_ folder: URL) throws {
    let bundle = FeatureBundle(
      extractors: [.text: "none"], emotions: EmotionSet(["joy", "anger"]),
      dialogues: [Dialogue(id: "a", rows: 0..<2), Dialogue(id: "b", rows: 2..<3)],
      utterances: (0..<3).map { Utterance(id: "u\($0)", speaker: "s", start: 0, end: 1, label: $0 % 2, text: "words") },
      features: [
        .text: FeatureTable(width: 2, values: [1, 2, 3, 4, 5, 6], missing: [false, false, false]),
        .audio: FeatureTable(width: 1, values: [1, 0, 3], missing: [false, true, false]),
      ])
    for compression in [0, 4] {
      try BundleWriter(precision: [.text: .half], compression: compression)
        .write(bundle, to: folder.appendingPathComponent("seed-\(compression).h5"))
    }
  }

  /// What a file could make the child do, by the file's name: `exit-127`, `signal-11`, `sleep`, `answer-nonsense`.
  private static func misbehave(_ name: String) {
    let parts = name.split(separator: "-", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count > 1 ? parts[1] : "") {
    case ("exit", let code): _exit(Int32(code) ?? 1)
    case ("signal", let number):
      kill(getpid(), Int32(number) ?? SIGKILL)
    case ("sleep", _): sleep(1000)
    case ("answer", let text):
      _ = write(0, text, text.utf8.count)
      _exit(0)
    default: return
    }
  }

  private static func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }
}
