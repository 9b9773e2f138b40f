import Foundation
import Presentation
import ResultIndex

/// Names of the index that a shell offers for what has been typed so far.
public struct NameCompletion {
  /// What can be completed.
  public enum Kind: Sendable {
    /// Emotions that the index's models know.
    case emotion
    /// Any other name that the index holds.
    case name(IndexReader.NameKind)
  }

  /// A shell, for what it makes of the words that it is offered.
  public enum Shell: Sendable {
    /// Expands them: a name in a bundle must not become a command.
    case bash
    /// Takes what follows a colon for a description, and a backslash for the next letter's.
    case zsh
    /// Takes them as they are.
    case fish

    func offer(_ word: String) -> String {
      switch self {
      case .bash: ShellText.quoted(word)
      case .zsh: word.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
      case .fish: word
      }
    }
  }

  /// More than this nobody looks through.
  private static let most = 200

  private let words: [String]
  private let environment: [String: String]
  private let shell: Shell

  /// - Parameters:
  ///   - words: the command line as the shell has split it, with its quotes; it may name the spool or the index.
  ///   - environment: of the program.
  ///   - shell: what reads the names.
  public init(words: [String], environment: [String: String], for shell: Shell) {
    self.words = words
    self.environment = environment
    self.shell = shell
  }

  /// The names that begin as typed, in the form in which the option takes them; none where there is no index to ask.
  ///
  /// In a list with commas the last name is completed.
  public func candidates(_ kind: Kind, typed: String) -> [String] {
    let typed = Self.unquoted(typed)
    let (list, last) = Self.lastName(of: typed)
    guard let location = try? location(), let reader = try? IndexReader(location.index) else { return [] }
    let beginning = NameList.split([last]).first ?? ""
    let names: [String]?
    switch kind {
    case .emotion: names = try? reader.emotions().filter { $0.hasPrefix(beginning) }
    case .name(let kind): names = try? reader.names(kind, beginningWith: beginning, limit: Self.most)
    }
    // Shells read a name a line and print it as it is: what would end the line or steer the terminal is not offered.
    return (names ?? []).filter { TextWidth.visible($0) == $0 }.map { shell.offer(list + NameList.escaped($0)) }
  }

  private func location() throws -> ResultLocation {
    try ResultLocation(
      spool: value(of: "--spool"), index: value(of: "--index"), configurationFile: value(of: "--config"),
      environment: environment)
  }

  /// What stands behind an option, or behind its equals sign.
  private func value(of option: String) -> String? {
    for (place, word) in words.enumerated() {
      if word == option, place + 1 < words.count { return Self.unquoted(words[place + 1]) }
      if word.hasPrefix(option + "=") { return Self.unquoted(String(word.dropFirst(option.count + 1))) }
    }
    return nil
  }

  /// What a list begins with, its last comma included, and the name that follows.
  private static func lastName(of typed: String) -> (list: String, last: String) {
    var (start, isEscaped) = (typed.startIndex, false)
    for place in typed.indices {
      if typed[place] == ",", !isEscaped { start = typed.index(after: place) }
      isEscaped = typed[place] == "\\" && !isEscaped
    }
    return (String(typed[..<start]), String(typed[start...]))
  }

  /// A word without the shell's quotes; bash and zsh hand words over with them.
  private static func unquoted(_ word: String) -> String {
    var (text, quote, isEscaped): (String, Character?, Bool) = ("", nil, false)
    for character in word {
      if isEscaped {
        text.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      } else {
        text.append(character)
      }
    }
    return text
  }
}
