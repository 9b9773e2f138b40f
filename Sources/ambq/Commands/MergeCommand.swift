import ArgumentParser
import Foundation
import ResultQueries

/// `ambq merge`: one index out of the outputs of many tasks.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make one index of what the tasks of a cluster have scored.",
    discussion: """
      Takes the folders that 'ambd score --out' has written, checks that every shard is there, finished, unchanged and of one \
      list, one model, one configuration and one version, and names those that are not. The index is what one machine \
      makes of the same inputs, in the order of their names, to the byte with --at; so are label files and reports. Running it \
      again makes it anew.

      EXAMPLES:
        ambq merge out --into index.sqlite
        ambq merge out --into index.sqlite --labels labels
        ambq list --index index.sqlite --emotion anger
        ambq report --index index.sqlite
      """)

  @Argument(
    help: ArgumentHelp("Folders of outputs, or the .json of single shards.", valueName: "out"),
    completion: .directory)
  var outputs: [String]

  @Option(help: ArgumentHelp("The index to write; that of an earlier merge is replaced.", valueName: "file"))
  var into: String

  @Option(
    help: ArgumentHelp("Also write the label files of all bundles into this folder.", valueName: "dir"),
    completion: .directory)
  var labels: String?

  @Flag(name: [.short, .long], help: "Print nothing but errors.")
  var quiet = false

  func run() throws {
    let progress = TerminalProgress(isSilent: quiet, environment: ProcessInfo.processInfo.environment)
    defer { progress.clear() }
    var merging = ShardMerging(
      outputs.map { URL(fileURLWithPath: $0) }, into: URL(fileURLWithPath: into, isDirectory: false),
      labels: labels.map { URL(fileURLWithPath: $0, isDirectory: true) })
    merging.progress = progress.show
    let summary = try merging.run()
    progress.clear()
    if !quiet { AmbqCommand.complain(summary.text) }
  }
}
