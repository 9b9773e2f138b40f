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
    (["ambq", "count", "--by", "d"], ["dialogue", "day"]),
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
}
