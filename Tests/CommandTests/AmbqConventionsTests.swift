import DialogueDomain
import Foundation
import ResultIndex
import Testing

/// What any good command does.
struct AmbqConventionsTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  @Test(arguments: [
    [], ["list"], ["show"], ["count"], ["stats"], ["dialogues"], ["speakers"], ["emotions"], ["models"], ["bundles"],
    ["errors"], ["status"], ["verify"], ["sql"],
  ])
  func helpHasExamples(_ command: [String]) throws {
    let result = try ambq.shell("\"$AMBQ\" \(command.joined()) --help")
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("EXAMPLES:") && result.output.contains("ambq " + command.joined()))
  }

  @Test func aMisspeltCommandIsAnsweredWithTheOneMeant() throws {
    let result = try ambq("lst", "--emotion", "anger")
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.errors == "ambq: there is no command 'lst'. Did you mean 'list'? 'ambq --help' lists them.\n")
  }

  @Test(arguments: ["list", "list --count", "list --print0", "count", "stats", "speakers", "bundles", "show dev-1"])
  func quietTellsByTheExitCodeAlone(_ command: String) throws {
    let some = try ambq.shell("\"$AMBQ\" \(command) --quiet")
    #expect(some.status == 0 && some.output.isEmpty && some.errors.isEmpty)
    let none = try ambq.shell("\"$AMBQ\" \(command) -q --bundle nowhere.h5")
    #expect(none.status == 1 && none.output.isEmpty && none.errors.isEmpty)
    // What is wrong is still told.
    let wrong = try ambq.shell("\"$AMBQ\" \(command) --quiet --index /nowhere")
    #expect(wrong.status == 66 && wrong.output.isEmpty && !wrong.errors.isEmpty)
  }

  @Test func theVersionIsTold() throws {
    let result = try ambq("--version")
    #expect(result.status == 0 && result.output == "\(Version.line(of: "ambq"))\n")
  }

  @Test func aMissingIndexIsExplained() throws {
    let result = try ambq("list", "--index", "/nowhere/index.sqlite")
    #expect(result.status == 66 && result.output.isEmpty)
    #expect(
      result.errors == """
        ambq: /nowhere/index.sqlite: there is no index here. Start ambd on this spool to make one, or name another \
        with --spool DIR or --index FILE.

        """)
  }

  @Test func aForeignFileIsRefused() throws {
    let file = spool.root.appendingPathComponent("notes.txt")
    try Data("no database, but long enough to have a header".utf8).write(to: file)
    let result = try ambq("list", "--index", file.path)
    #expect(result.status == 65 && result.errors.contains("this is not an ambq index"))
  }

  @Test func theCommandLineBeatsTheEnvironment() throws {
    var lost = AmbqProgram(environment: ["AMBQ_SPOOL": "/nowhere", "AMBQ_INDEX": "/nowhere/either"])
    #expect(try lost("list", "--count").status == 66)
    #expect(try lost("list", "--count", "--spool", spool.root.path).output == "59\n")
    #expect(try lost("list", "--count", "--index", spool.index.path).output == "59\n")
    lost.environment["AMBQ_INDEX"] = spool.index.path
    #expect(try lost("list", "--count").output == "59\n")
  }

  @Test(arguments: [
    ("", [:], false), ("--colour always", [:], true), ("--color always", ["NO_COLOR": "1"], true),
    ("", ["CLICOLOR_FORCE": "1"], true), ("", ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
    ("--colour never", ["CLICOLOR_FORCE": "1"], false),
  ])
  func coloursFollowTheRules(_ option: String, _ environment: [String: String], _ coloured: Bool) throws {
    var ambq = ambq
    ambq.environment.merge(environment) { $1 }
    let result = try ambq.shell("\"$AMBQ\" show dev-0 \(option)")
    #expect(result.status == 0)
    #expect(result.output.contains("\u{1B}[") == coloured)
  }

  /// The pager gets what there is to show, in colours, and what ends it is not the command's end.
  @Test(arguments: [
    ("AMBQ_PAGER='tr a-z A-Z'", true), ("PAGER='tr a-z A-Z'", true), ("AMBQ_PAGER= PAGER='tr a-z A-Z'", false),
  ])
  func aTerminalIsPagedByWhatTheEnvironmentNames(_ variables: String, _ isPaged: Bool) throws {
    func shown(_ command: String) throws -> String {
      try ambq.shell(
        "script -qec 'TERM=xterm; export TERM; \(variables.replacing("'", with: "\"")) \"$AMBQ\" \(command)' /dev/null"
      )
      .output
    }
    let list = try shown("list --emotion anger")
    #expect(list.contains("ANGER") == isPaged && list.contains("anger") == !isPaged && list.contains("\u{1B}["))
    #expect(try shown("list --emotion anger --no-pager").contains("anger"))
    #expect(try shown("follow --once").contains("Rachel"))
    #expect(try ambq.shell("\(variables) \"$AMBQ\" list --emotion anger").output.contains("anger"))
  }

  @Test(arguments: [
    "list", "show dev-1", "follow --once", "count --by speaker", "dialogues", "speakers", "emotions", "models",
    "bundles",
    "errors", "stats", "status", "verify", "sql --views", "help fields", "help time", "help environment",
    "list --speaker nobody", "list --emotion wut",
  ])
  func inTheLocaleCWhatIsForPeopleIsASCII(_ command: String) throws {
    let format = command.hasPrefix("help") ? "" : "--format table"
    let result = try ambq.shell("LC_ALL=C \"$AMBQ\" \(command) \(format)")
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 } && result.errors.utf8.allSatisfy { $0 < 0x80 })
    #expect(!(result.output + result.errors).isEmpty)
    // Data stays as it is.
    #expect(try ambq.shell("LC_ALL=C \"$AMBQ\" list --format csv").output.contains("田中"))
  }

  @Test(arguments: ["list", "bundles", "stats", "errors", "report", "count", "speakers"])
  func aPeriodInTheFutureIsCalledThat(_ command: String) throws {
    let result = try ambq.call([command, "--since", "tomorrow"])
    #expect([1, 64].contains(result.status) && result.errors.contains("--since lies in the future"))
  }

  @Test func helpTellsOfTopicsAndOfCommands() throws {
    #expect(try ambq("help", "exit-codes").output.contains("69"))
    #expect(try ambq("help", "list").output == ambq("list", "--help").output)
    let typo = try ambq("help", "exit-code")
    #expect(typo.status == 64 && typo.errors.contains("Did you mean 'exit-codes'?"))
  }

  /// `script` runs a command on a terminal of its own.
  @Test(arguments: [("", true), ("NO_COLOR=1", false)])
  func aTerminalGetsATableThatFits(_ variable: String, _ coloured: Bool) throws {
    let result = try ambq.shell(
      "script -qec 'stty cols 70; TERM=xterm \(variable) \"$AMBQ\" list --no-pager --emotion anger' /dev/null")
    #expect(result.status == 0)
    #expect(result.output.contains("\u{1B}[") == coloured)
    #expect(result.output.contains("DIALOGUE") && result.output.contains("██"))
    let plain = result.output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(plain.split(separator: "\r\n").allSatisfy { $0.count <= 70 })
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let result = try ambq.shell("\"$AMBQ\" list | head -n 1 > /dev/null")
    #expect(result.status == 0 && result.errors.isEmpty)
    // Where SIGPIPE is ignored, as under systemd, the write fails instead.
    let ignored = try ambq.shell("trap '' PIPE; { \"$AMBQ\" list; echo $? >&2; } | true")
    #expect(["141\n", "0\n"].contains(ignored.errors))
  }

  @Test func aFullDiskIsAnError() throws {
    let result = try ambq.shell("\"$AMBQ\" list > /dev/full")
    #expect(result.status == 74)
    #expect(result.errors.contains("writing the output failed: No space left on device"))
  }

  @Test func readingLeavesTheFolderAsItWas() throws {
    let before = try Data(contentsOf: spool.index)
    #expect(try ambq("list").status == 0)
    #expect(try Data(contentsOf: spool.index) == before)
  }

  /// Whether we may run the program as another user, who may not reach every build folder.
  private static var canRunAsNobody: Bool {
    get throws {
      guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: setpriv) else { return false }
      return try AmbqProgram().shell("\(asNobody) \"$AMBQ\" --version").status == 0
    }
  }
  private static let setpriv = "/usr/bin/setpriv"
  private static let asNobody = "\(setpriv) --reuid=65534 --regid=65534 --clear-groups"

  @Test(.enabled("needs root, setpriv and a build folder that others may read") { try canRunAsNobody })
  func anArchiveThatOnlyAnotherMayWriteIsRead() throws {
    let archive = URL(fileURLWithPath: "/tmp").appendingPathComponent("ambq-archive-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: archive, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    defer { try? FileManager.default.removeItem(at: archive) }
    let index = archive.appendingPathComponent("index.sqlite")
    try FileManager.default.copyItem(at: spool.index, to: index)
    func asNobody() throws -> AmbqProgram.Result {
      try ambq.shell("\(Self.asNobody) \"$AMBQ\" list --count --index '\(index.path)'")
    }
    let alone = try asNobody()
    #expect(alone.output == "59\n" && alone.errors.isEmpty)

    // While a daemon has it open, its log is there to be read.
    let writer = try IndexWriter(index)
    try spool.record(writer, "late.h5", seed: 4, dialogues: ["dev-9"], after: 9000)
    #expect(try asNobody().output == "69\n")

    // A log without the shared memory of a daemon cannot be read from there.
    let copy = archive.appendingPathComponent("copy.sqlite")
    try FileManager.default.copyItem(at: index, to: copy)
    try FileManager.default.copyItem(atPath: index.path + "-wal", toPath: copy.path + "-wal")
    let stranded = try ambq.shell("\(Self.asNobody) \"$AMBQ\" list --index '\(copy.path)'")
    #expect(stranded.status == 74 && stranded.errors.contains("write-ahead log"))
    try writer.close()
  }
}
