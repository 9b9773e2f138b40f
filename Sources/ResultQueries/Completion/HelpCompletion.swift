import Presentation

/// What shells offer behind `ambq help`: its commands and topics, which the argument parser's scripts leave out.
public enum HelpCompletion {
  /// A script that the argument parser made for `ambq`, completed.
  ///
  /// - Parameters:
  ///   - script: the parser's own.
  ///   - shell: what reads it.
  ///   - words: what may follow `help`.
  public static func completed(_ script: String, for shell: NameCompletion.Shell, words: [String]) -> String {
    let plain = words.joined(separator: " ")
    switch shell {
    case .bash:
      // The last definition of a function counts.
      return script + """

        _ambq_help() {
            repeating_flags=()
            non_repeating_flags=(--version)
            repeating_options=()
            non_repeating_options=()
            __ambq_offer_flags_options -1
            __ambq_add_completions -W '\(words.joined(separator: "'$'\\n''"))'
        }

        """
    case .zsh:
      return script.replacing("'*:subcommands:'", with: "'1:command or topic:(\(plain))'")
    case .fish:
      return script + """

        complete -c 'ambq' -n '__ambq_should_offer_completions_for_flags_or_options "ambq help"' -f -a '\(plain)'

        """
    }
  }
}
