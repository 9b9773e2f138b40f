import Foundation
import Testing

/// Every command's whole help text is what `HelpTexts` holds of it, so that a change of it is seen when it is made.
///
/// After a change that is meant: `AMBQ_RENEW_HELP=1 swift test --filter HelpTextTests`, and read the difference.
struct HelpTextTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("HelpTexts")
  private static let isRenewing = ProcessInfo.processInfo.environment["AMBQ_RENEW_HELP"] != nil

  /// What the argument parser says of a command, for tools.
  private struct CommandDump: Decodable {
    var commandName: String
    var subcommands: [CommandDump]?

    /// The names that lead to this command and to those below it, such as "ambtrain bench query".
    func paths(below parent: [String] = []) -> [[String]] {
      let path = parent + [commandName]
      return [path] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { $0.paths(below: path) }
    }
  }

  private struct Dump: Decodable {
    var command: CommandDump
  }

  private func paths(_ program: String) throws -> [[String]] {
    let dump = try BuiltProgram(program)("--experimental-dump-help").output
    return try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command.paths()
  }

  @Test(arguments: ["ambd", "ambq", "ambtrain"])
  func everyCommandsHelpIsAsItWasLastRead(_ program: String) throws {
    let paths = try paths(program)
    for path in paths {
      let outcome = try BuiltProgram(program)(Array(path.dropFirst()) + ["--help"], environment: ["COLUMNS": "80"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      // How many processors a machine has is its own affair.
      let text = outcome.output.replacing(/(--threads <threads>[^\n]*\(default: )[0-9]+/) { "\($0.1)PROCESSORS" }
      let file = Self.folder.appendingPathComponent(path.joined(separator: "-") + ".txt")
      if Self.isRenewing { try Data(text.utf8).write(to: file) }
      let expected = try String(contentsOf: file, encoding: .utf8)
      #expect(text == expected, "\(path.joined(separator: " ")) --help has changed")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0 == "\(program).txt" || $0.hasPrefix("\(program)-") }
    #expect(Set(files) == Set(paths.map { $0.joined(separator: "-") + ".txt" }))
  }
}
