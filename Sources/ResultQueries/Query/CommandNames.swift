import DialogueDomain

/// The names of a program's commands, for checking what a user typed.
public struct CommandNames {
  private let program: String
  private let names: [String]
  private let topics: [String]

  /// - Parameters:
  ///   - program: the program's name.
  ///   - names: the names of its commands.
  ///   - topics: what else `help` tells of.
  public init(of program: String, _ names: [String], topics: [String] = []) {
    self.program = program
    self.names = names
    self.topics = topics
  }

  /// Refuses arguments that begin with a command that does not exist, also behind `help`.
  ///
  /// - Throws: `QueryError` that names the command that may have been meant.
  public func check(_ arguments: [String]) throws {
    let words = arguments.prefix { !$0.hasPrefix("-") }
    let typed = words.first == "help" ? words.dropFirst().first : words.first
    guard let typed, !names.contains(typed), typed != "help" else { return }
    let known = words.first == "help" ? names + topics : names
    let meant = nearestName(to: typed, among: known) ?? known.first { $0.hasPrefix(typed) }
    throw QueryError(
      usage: "there is no command '\(typed)'",
      remedy: (meant.map { "Did you mean '\($0)'? " } ?? "") + "'\(program) --help' lists them.")
  }
}
