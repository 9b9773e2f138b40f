/// When to colour output: the value of `--colour`.
public enum ColourChoice: String, CaseIterable, Sendable {
  case auto
  case always
  case never

  /// Whether to colour, after <https://no-color.org> and <https://bixense.com/clicolors>.
  ///
  /// `always` and `never` are final. `auto` looks at the environment: `NO_COLOR` (not empty) says no, `CLICOLOR_FORCE`
  /// (not empty, not `0`) says yes; else a terminal is coloured unless `TERM=dumb` or `CLICOLOR=0`.
  public func colours(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if let value = environment["NO_COLOR"], !value.isEmpty { return false }
    if let value = environment["CLICOLOR_FORCE"], !value.isEmpty, value != "0" { return true }
    return isTerminal && environment["TERM"] != "dumb" && environment["CLICOLOR"] != "0"
  }
}
