import DialogueDomain
import Foundation
import ResultIndex
import Testing

/// What a shell offers of the index; bash is on every Debian.
struct AmbqCompletionTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  /// What bash offers for the last of some words.
  private func offered(_ words: [String]) throws -> [String] {
    let script = """
      ambq() { "$AMBQ" "$@"; }
      source <("$AMBQ" --generate-completion-script bash)
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
      _ambq ambq "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let file = spool.root.appendingPathComponent("complete.bash")
    try Data(script.utf8).write(to: file)
    let quoted = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    let result = try ambq.shell("bash '\(file.path)' \(quoted.joined(separator: " "))")
    #expect(result.errors.isEmpty)
    return result.lines
  }

  @Test(arguments: [
    (["ambq", "sp"], ["speakers"]), (["ambq", "list", "--emotion", "a"], ["anger"]),
    (["ambq", "list", "--not-emotion", "joy,f"], ["joy,fear"]),
    (["ambq", "stats", "--speaker", "R"], ["Rachel", "Ross"]), (["ambq", "show", "dev-1"], ["dev-1"]),
    (["ambq", "export", "--bundle", "fri"], ["friday.h5"]), (["ambq", "dialogues", "--model", "m"], ["meld-minilm"]),
    (["ambq", "list", "--fields", "tex"], ["text", "text_share"]),
    (["ambq", "count", "--by", "d"], ["dialogue", "day"]), (["ambq", "help", "ex"], ["export", "exit-codes"]),
    (["ambq", "help", "e"], ["emotions", "errors", "export", "exit-codes", "environment"]),
    (["ambq", "report", "--speaker", "Ro"], ["Ross"]), (["ambq", "correct", "--emotion", "sa"], ["sadness"]),
  ])
  func bashOffersWhatTheIndexHolds(_ words: [String], _ expected: [String]) throws {
    #expect(try offered(words) == expected)
  }

  /// bash expands what it is offered, and speakers' names come out of files that anybody may have dropped.
  @Test func aNameNeverRunsAsACommand() throws {
    let trap = spool.root.appendingPathComponent("trap")
    let name = "X$(touch \(trap.path))`touch \(trap.path)` \"it's\" \\ *"
    let writer = try IndexWriter(spool.index)
    let utterance = ScoredUtterance(
      dialogue: "odd", utterance: "odd#0", turn: 0, speaker: name, emotion: "joy", confidence: 1,
      probabilities: [0, 0, 0, 0, 1, 0, 0],
      branchLogits: [:], shares: [.text: 1])
    let bundle = ScoredBundle(
      name: "odd.h5", digest: String(repeating: "7a", count: 32), modelName: "meld-minilm",
      modelDigest: String(repeating: "5e", count: 32), emotions: AmbqSpool.emotions, utterances: [utterance])
    _ = try writer.record(
      bundle,
      ScoringRecord(arrived: Date(), scored: Date(), seconds: 1, labelFile: "labels/odd.tsv", byteCount: 1))
    try writer.close()
    #expect(try offered(["ambq", "list", "--speaker", "X"]) == [name])
    #expect(!FileManager.default.fileExists(atPath: trap.path))
  }

  @Test(arguments: ["ambd", "ambq", "ambtrain"], ["bash", "zsh", "fish"])
  func everyProgramWritesItsCompletions(_ program: String, _ shell: String) throws {
    let outcome = try BuiltProgram(program)(["--generate-completion-script", shell])
    #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.contains(program))
  }

  // MARK: scripts and parser

  private struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var names: [Name]?
    var kind: String
    var shouldDisplay: Bool
  }

  private struct Command: Decodable {
    var commandName: String
    var arguments: [Argument]?
    var subcommands: [Command]?
  }

  private struct Dump: Decodable { var command: Command }

  private func script(_ program: String, _ shell: String) throws -> String {
    try BuiltProgram(program)(["--generate-completion-script", shell]).output
  }

  /// The part of a script that completes one command: from its own beginning to the next one's.
  private func part(_ script: String, _ path: [String], _ shell: String) throws -> String {
    let name = path.joined(separator: shell == "fish" ? " " : "_")
    switch shell {
    case "fish":
      let lines = script.split(separator: "\n")
      return lines.filter { $0.hasPrefix("complete") && $0.contains("\"\(name)\"") || $0.contains("\"\(name)\" ") }
        .joined(separator: "\n")
    default:
      let start = try #require(script.range(of: "\n_\(name)() {\n"), "no completion of \(name) for \(shell)")
      let end = script.range(of: "\n}\n", range: start.upperBound..<script.endIndex)?.lowerBound ?? script.endIndex
      return String(script[start.upperBound..<end])
    }
  }

  /// Every option of every command that the parser knows, in the script of every shell.
  @Test(arguments: ["ambd", "ambq", "ambtrain"], ["bash", "zsh", "fish"])
  func everyOptionOfEveryCommandIsOffered(_ program: String, _ shell: String) throws {
    let dump = try BuiltProgram(program)("--experimental-dump-help").output
    let root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
    let script = try script(program, shell)
    var checked = 0
    func check(_ command: Command, _ path: [String]) throws {
      let part = try part(script, path, shell)
      for argument in command.arguments ?? [] where argument.shouldDisplay && argument.kind != "positional" {
        for name in argument.names ?? [] {
          let written =
            switch (shell, name.kind) {
            case ("fish", "long"): "-l '\(name.name)'"
            case ("fish", _): "-s '\(name.name)'"
            case (_, "long"): "--\(name.name)"
            default: "-\(name.name)"
            }
          #expect(part.contains(written), "\(path.joined(separator: " ")) lacks \(written) for \(shell)")
          checked += 1
        }
      }
      for sub in command.subcommands ?? [] where sub.commandName != "help" { try check(sub, path + [sub.commandName]) }
    }
    try check(root, [program])
    #expect(checked > 5)
  }

  /// What the index holds is asked for behind the same options everywhere.
  @Test(arguments: ["bash", "zsh", "fish"])
  func namesComeFromTheIndexBehindTheSameOptions(_ shell: String) throws {
    let script = try script("ambq", shell)
    for command in ["list", "show", "follow", "count", "stats", "dialogues", "bundles", "export", "report"] {
      for option in ["emotion", "not-emotion", "speaker", "dialogue", "bundle", "in-set", "model"] {
        let asked = script.split(separator: "\n").contains { line in
          line.contains("---completion \(command) -- --\(option)")
            || line.contains("---completion' '\(command)'")
              && line.contains("--\(option)")
        }
        #expect(asked, "\(command) --\(option) asks the index of nothing in \(shell)")
      }
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func everyCommandAndTopicFollowsHelp(_ shell: String) throws {
    let script = try script("ambq", shell)
    let words = try BuiltProgram("ambq")("--experimental-dump-help").output
    let commands = try JSONDecoder().decode(Dump.self, from: Data(words.utf8)).command.subcommands ?? []
    let offer = try #require(script.split(separator: "\n").last { $0.contains("exit-codes") })
    for word in commands.map(\.commandName).filter({ $0 != "help" }) + ["exit-codes", "fields", "time", "environment"] {
      #expect(offer.contains(word), "\(word) does not follow help in \(shell)")
    }
  }

  /// The shells that are here read their scripts without complaint.
  @Test(arguments: ["bash", "zsh", "fish"])
  func aShellThatIsHereUnderstandsItsScript(_ shell: String) throws {
    let program = ["/usr/bin/\(shell)", "/bin/\(shell)"].first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let program else { return }
    let file = spool.root.appendingPathComponent("script")
    try Data(try script("ambq", shell).utf8).write(to: file)
    let result = try ambq.shell("\(program) -n '\(file.path)'")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
  }
}
