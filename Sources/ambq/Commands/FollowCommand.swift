import ArgumentParser
import Foundation
import ResultIndex
import ResultQueries

/// `ambq follow`: utterances as they are scored.
struct FollowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow",
    abstract: "Tell utterances as they are scored.",
    discussion: """
      Takes the filters of 'ambq list' and goes on until it is ended. Begins with the last ten rows, with --since with all \
      rows since, with --since-cursor where another run left off. Each row is told once, in the order of recording; its \
      field 'cursor' (always there in JSON) is the place behind it. Stability comes later, with the probe.

      EXAMPLES:
        ambq follow
        ambq follow --emotion anger --min-confidence 0.8 --lines 0
        ambq follow --since today --format jsonl | ./react
        ambq follow --fields cursor,dialogue,speaker,emotion --since-cursor start --once
        ambq follow --since-cursor place --save-cursor place.new --once --format jsonl > new.jsonl && mv place.new place
        ambq follow --format '{emotion} {text}' --lines 0 --until-idle
      """)

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    help: ArgumentHelp(
      "Begin behind this cursor, or the one that this file holds; 'start', or a file that is not there: the beginning.",
      valueName: "cursor|file"), completion: .file())
  var sinceCursor: String?

  @Option(
    help: ArgumentHelp("Keep the place in this file, each time rows have been written.", valueName: "file"),
    completion: .file())
  var saveCursor: String?

  @Option(help: ArgumentHelp("Begin with the last rows, so many; 10 where nothing else is asked for.", valueName: "n"))
  var lines: Int?

  @Option(help: ArgumentHelp("End after this many.", valueName: "n"))
  var limit: Int?

  @Flag(help: "End when everything is told that is there.")
  var once = false

  @Flag(help: "End when the daemon has scored everything that waits.")
  var untilIdle = false

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print ids only, or one field of --fields, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    for (option, number) in [("--lines", lines), ("--limit", limit)] {
      if let number, number < 0 { throw ValidationError("\(option) is negative.") }
    }
    if sinceCursor != nil && lines != nil {
      throw ValidationError("--since-cursor says where to begin, and so does --lines: take one of them.")
    }
    if once && untilIdle { throw ValidationError("--once ends at once, --until-idle later: take one of them.") }
  }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0, stream: true)
    if fields.selection.asksForHelp {
      try UtteranceFields.list(on: console, isFollowing: true)
      return try console.flush()
    }
    let start = try FollowingStart(cursor: sinceCursor, lines: lines, hasPeriod: filters.period.since != nil)
    let reader = try truth.reader(of: common.source)
    var following = try UtteranceFollowing(
      reader, filters.query(reader), console, fields: UtteranceFields(fields.selection, isFollowing: true))
    following.limit = limit
    following.savesCursor = saveCursor.map { URL(fileURLWithPath: $0) }
    if once { following.end = .whenTold }
    if untilIdle {
      let queue = try QueueWatch(common.source.location())
      following.end = .when { try queue.isIdle() }
    }
    do {
      let found = try following.write(from: start)
      if found == 0 && limit != 0 { throw common.nothing("nothing new: no row that passes all filters was recorded") }
    } catch let error as NoDaemonError {
      AmbqCommand.complain(error.explanation)
      throw ExitCode(EX_UNAVAILABLE)
    }
  }
}
