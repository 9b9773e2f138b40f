import Presentation

/// This program's command line, to be typed again.
enum CommandText {
  /// Without --resume: a result does not depend on how often its making was interrupted.
  static var repeatable: String {
    let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--resume" }
    return (["ambtrain"] + arguments.map(ShellText.quoted)).joined(separator: " ")
  }
}
