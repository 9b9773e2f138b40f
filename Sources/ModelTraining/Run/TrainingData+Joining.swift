import DialogueDomain
import Foundation

extension TrainingData {
  /// Joins bundles of different files, whose dialogues may share names.
  ///
  /// A dialogue whose name occurs in more than one file is called `<file>/<name>` in each of them, by the file's name
  /// without its extension; files that share even that keep the name that they were given.
  ///
  /// - Throws: `TrainingError` where there is none, one has no labels, or widths, extractors or classes differ.
  public init(joining sources: [Source]) throws {
    let shared = Self.repeated(sources.flatMap { Set($0.bundle.dialogues.map(\.id)) })
    guard !shared.isEmpty else {
      try self.init(sources)
      return
    }
    let files = sources.map { URL(fileURLWithPath: $0.name).deletingPathExtension().lastPathComponent }
    let ambiguous = Self.repeated(files)
    try self.init(
      zip(sources, files).map { source, file in
        var bundle = source.bundle
        let prefix = ambiguous.contains(file) ? source.name : file
        bundle.dialogues = bundle.dialogues.map {
          shared.contains($0.id) ? Dialogue(id: "\(prefix)/\($0.id)", rows: $0.rows) : $0
        }
        return Source(name: source.name, bundle: bundle)
      })
  }

  /// The names that occur more than once.
  private static func repeated(_ names: [String]) -> Set<String> {
    var seen: Set<String> = []
    return Set(names.filter { !seen.insert($0).inserted })
  }
}
