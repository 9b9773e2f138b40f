import ArgumentParser
import Foundation
import ResultExport
import ResultQueries

/// What shells offer behind options, beyond the values that the parser knows itself.
extension CompletionKind {
  /// Names that the index holds.
  static func names(_ kind: NameCompletion.Kind) -> CompletionKind {
    .custom { words, _, typed in
      // An unknown shell may expand what it is offered, as bash does.
      let shell = NameCompletion.Shell(CompletionShell.requesting)
      return NameCompletion(words: words, environment: ProcessInfo.processInfo.environment, for: shell)
        .candidates(kind, typed: typed)
    }
  }

  static var emotions: CompletionKind { .names(.emotion) }
  static var speakers: CompletionKind { .names(.name(.speaker)) }
  static var dialogues: CompletionKind { .names(.name(.dialogue)) }
  static var bundles: CompletionKind { .names(.name(.bundle)) }
  static var models: CompletionKind { .names(.name(.model)) }

  static var times: CompletionKind {
    .list(["now", "today", "yesterday", "monday", "-2h", "-1d", "-1w"])
  }

  static var fields: CompletionKind { .list(["all", "help"] + UtteranceField.all.map(\.name)) }

  /// Each field of an order, up and down.
  static func order(_ fields: [String]) -> CompletionKind { .list(fields + fields.map { "-" + $0 }) }
}

extension NameCompletion.Shell {
  /// A shell as the argument parser knows it; one that is not known is taken for bash.
  init(_ shell: CompletionShell?) {
    switch shell {
    case .zsh: self = .zsh
    case .fish: self = .fish
    default: self = .bash
    }
  }
}
