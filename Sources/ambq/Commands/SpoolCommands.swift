import AmbqConfiguration
import ArgumentParser
import BundleSpool
import DialogueDomain
import ResultIndex
import ResultQueries

/// What the four commands that move bundles take.
struct SpoolMoveOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The bundles' file names; * and ? stand for any characters and for one.", valueName: "name"))
  var names: [String] = []

  @Flag(help: "Every bundle there.")
  var all = false

  @Flag(name: [.short, .long], help: "Print nothing: the exit code says whether any was moved.")
  var quiet = false

  @OptionGroup var source: SourceOptions

  func validate() throws {
    guard names.isEmpty == all else { throw ValidationError("Give the names of bundles, or --all.") }
  }

  /// Moves the bundles and says which.
  func run(_ move: SpoolMove) throws {
    let location = try source.location()
    guard let layout = location.spool else {
      throw ValidationError("Name the spool with --spool: an index alone does not say where bundles lie.")
    }
    let moved = try Spool(layout).apply(move, to: all ? nil : names)
    if move == .drop, !moved.isEmpty {
      let index = try IndexWriter(location.index)
      try index.resolveFailures(of: moved.map(\.name))
      try index.close()
    }
    let console = ResultConsole(.table, isSilent: quiet, isASCII: AmbqCommand.wantsASCII, descriptor: 1)
    for bundle in moved {
      try console.line("\(bundle.name): \(bundle.from) → \(bundle.to ?? "deleted")")
    }
    try console.flush()
    guard !moved.isEmpty else {
      if quiet { throw ExitCode(1) }
      let folders = move.folders(layout).joined(separator: ", ")
      throw NothingFound("No bundle \(all ? "lies" : "of that name lies") in \(folders).")
    }
  }
}

/// `ambq retry`: bundles that failed are tried again.
struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Have bundles that failed or were deferred tried again now.",
    discussion: """
      EXAMPLES:
        ambq retry friday.h5
        ambq retry 'week-*.h5'
        ambq retry --all
      """)

  @OptionGroup var move: SpoolMoveOptions

  func run() throws { try move.run(.retry) }
}

/// `ambq hold`: bundles that wait are kept back.
struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Keep bundles that wait from being scored, until they are released.")

  @OptionGroup var move: SpoolMoveOptions

  func run() throws { try move.run(.hold) }
}

/// `ambq release`: bundles that were kept back go on.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Let bundles go that were held.")

  @OptionGroup var move: SpoolMoveOptions

  func run() throws { try move.run(.release) }
}

/// `ambq drop`: bundles that failed are deleted.
struct DropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Delete bundles that failed, were deferred or are held, with their reports.")

  @OptionGroup var move: SpoolMoveOptions

  func run() throws { try move.run(.drop) }
}
