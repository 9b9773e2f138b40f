import Testing

@testable import Presentation

struct ColourChoiceTests {
  @Test(arguments: [
    (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
    (false, ["CLICOLOR_FORCE": "1"], true), (false, ["CLICOLOR_FORCE": "0"], false),
    (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), (true, ["TERM": "dumb"], false),
    (true, ["CLICOLOR": "0"], false), (true, ["TERM": "xterm-256color"], true),
  ])
  func autoFollowsTheTerminalAndTheEnvironment(_ isTerminal: Bool, _ environment: [String: String], _ colours: Bool) {
    #expect(ColourChoice.auto.colours(isTerminal: isTerminal, environment: environment) == colours)
  }

  @Test func alwaysAndNeverAreFinal() {
    #expect(ColourChoice.always.colours(isTerminal: false, environment: ["NO_COLOR": "1"]))
    #expect(!ColourChoice.never.colours(isTerminal: true, environment: ["CLICOLOR_FORCE": "1"]))
  }

  @Test func aStyleSwitchesItselfOff() {
    #expect(Style(.red, bold: true).apply(to: "anger") == "\u{1B}[1;31manger\u{1B}[0m")
    #expect(Style.plain.apply(to: "anger") == "anger")
    #expect(Style.faint.apply(to: "") == "")
  }

  @Test func theWidthComesFromTheEnvironmentFirst() {
    #expect(TerminalSize.columns(of: -1, environment: ["COLUMNS": "132"]) == 132)
    #expect(TerminalSize.columns(of: -1, environment: ["COLUMNS": "wide"]) == 80)
    #expect(TerminalSize.columns(of: -1, environment: ["COLUMNS": "0"]) == 80)
    #expect(!TerminalSize.isTerminal(-1))
  }
}
