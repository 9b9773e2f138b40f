import BundleSpool
import DialogueDomain
import Foundation
import LabelFiles
import OperatingSystem
import Presentation
import ResultIndex
import Shards

/// `ambq merge`: one index, and where asked for the label files, out of the outputs of all shards.
///
/// The index is made anew each time, beside the one that it replaces: the order of the outputs does not matter, and running it
/// again gives the same bytes.
public struct ShardMerging {
  private let places: [URL]
  private let index: URL
  private let labels: URL?
  /// Told how much is done.
  public var progress: (_ what: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }

  /// What was merged.
  public struct Summary: Sendable {
    /// Shards.
    public let shards: Int
    /// What the index holds.
    public let totals: IndexTotals
    /// Inputs without labels.
    public let failed: Int

    /// In words.
    public var text: String {
      var text =
        "\(NumberText.count(shards, "shard")): \(NumberText.count(totals.bundles, "bundle")), "
        + "\(NumberText.count(totals.dialogues, "dialogue")), \(NumberText.count(totals.utterances, "utterance"))"
      if failed > 0 { text += "; \(NumberText.count(failed, "input")) without labels: see ambq errors" }
      return text + "."
    }
  }

  /// - Parameters:
  ///   - places: folders of outputs, or single records of shards.
  ///   - index: the file to write; an index that an earlier merge has made is replaced.
  ///   - labels: a folder for label files; nil for none.
  public init(_ places: [URL], into index: URL, labels: URL? = nil) {
    self.places = places
    self.index = index
    self.labels = labels
  }

  /// Merges.
  ///
  /// - Throws: `ShardError` where shards are missing, unfinished or do not belong together; `IndexError`, `StorageError`.
  public func run() throws -> Summary {
    try IndexWriter.checkPlace(of: index)
    try checkTarget()
    let shards = try ShardCollection(places)
    try ProcessSurroundings.requireOpenFiles(
      shards.rows.count, for: NumberText.count(shards.rows.count, "shard"))
    try checkIsNone(of: shards.rows)
    let bundles = shards.records.reduce(0) { $0 + $1.results.bundles }
    let temporary = TemporaryName.beside(index)
    unlink(temporary.path)
    do {
      try IndexMerge(shards.rows, place: Self.place).write(to: temporary) { progress("merging", $0, bundles) }
      try DurableFile.rename(temporary, to: index)
    } catch {
      unlink(temporary.path)
      throw error
    }
    let reader = try IndexReader(index)
    if let labels, let layout = shards.records.first?.layout {
      try write(labels, layout, from: reader, total: bundles)
    }
    return Summary(
      shards: shards.records.count, totals: try reader.totals(),
      failed: shards.records.reduce(0) { $0 + $1.failed.count })
  }

  /// A daemon's index is not to be lost to a merge.
  private func checkTarget() throws {
    var status = stat()
    guard stat(index.path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw ShardError(
        .usage, "this is a folder", at: index.path, expected: "the file of an index",
        remedy: "Name a file in it: --into \(index.appendingPathComponent("index.sqlite").path)")
    }
    guard let heartbeat = try IndexReader(index).heartbeat() else { return }
    throw ShardError(
      .usage, "this is the index of a daemon, which a merge would replace", at: index.path,
      found: "the spool \(heartbeat.spool)", remedy: "Name another file with --into.")
  }

  /// Nor is a shard to its own merge.
  private func checkIsNone(of rows: [URL]) throws {
    var (own, other) = (stat(), stat())
    guard stat(index.path, &own) == 0 else { return }
    for url in rows where stat(url.path, &other) == 0 && (other.st_dev, other.st_ino) == (own.st_dev, own.st_ino) {
      throw ShardError(
        .usage, "these are the results of a shard, which a merge would replace", at: index.path,
        remedy: "Name another file with --into.")
    }
  }

  /// The daemon's rule: the plain name, and more and more of the digest where other bytes have that.
  private static func place(_ bundle: IndexMerge.MergedBundle) throws -> IndexMerge.BundlePlace {
    let name = BundleName(FileName(bundle.name))
    let (folder, ending) = folderAndEnding(bundle.labelFile, stem: name.stem)
    // The plain name is the first variant, and nearly always free.
    if try bundle.isFree(folder + name.stem + ending) {
      return IndexMerge.BundlePlace(labelFile: folder + name.stem + ending, file: "done/\(name.text)")
    }
    let variants = name.variants(digest: bundle.digest)
    let chosen = try variants.first { try bundle.isFree(folder + $0.stem + ending) } ?? variants[variants.count - 1]
    return IndexMerge.BundlePlace(labelFile: folder + chosen.stem + ending, file: "done/\(chosen.text)")
  }

  /// What stands before and after a bundle's name in the path of its labels.
  private static func folderAndEnding(_ labelFile: String, stem: String) -> (folder: String, ending: String) {
    let start = labelFile.lastIndex(of: "/").map(labelFile.index(after:)) ?? labelFile.startIndex
    return (String(labelFile[..<start]), String(labelFile[start...].dropFirst(stem.count)))
  }

  /// Writes label files as the daemon does, from what the index holds.
  private func write(_ folder: URL, _ layout: LabelLayout, from reader: IndexReader, total: Int) throws {
    try DurableFile.makeFolder(folder)
    let writer = LabelFileWriter(folder: folder, layout: layout)
    var (last, done): (Int64, Int) = (0, 0)
    while case let bundles = try reader.currentBundles(after: last, limit: Self.atOnce), let end = bundles.last {
      try writer.write(
        bundles.map { bundle in
          var utterances: [ScoredUtterance] = []
          try reader.forEachUtterance(of: bundle) { utterances.append(ScoredUtterance($0)) }
          let scored = ScoredBundle(
            name: bundle.name, digest: bundle.digest, modelName: bundle.modelName, modelDigest: bundle.modelDigest,
            emotions: bundle.emotions, utterances: utterances)
          return (scored, (bundle.labelFile as NSString).lastPathComponent)
        })
      last = end.id
      done += bundles.count
      progress("writing labels", done, total)
    }
  }

  /// Label files that wait for the disk together.
  private static let atOnce = 64
}

extension ShardRecord {
  /// How the labels of these results are laid out.
  fileprivate var layout: LabelLayout {
    let written = terms.configuration["labels.layout"] ?? ""
    return LabelLayout(rawValue: written.filter { $0 != "\"" }) ?? .tsv
  }
}
