import DialogueDomain
import Foundation
import OperatingSystem

/// Writes the labels of scored bundles into the `labels` folder, durably: wholly there after a crash, or not at all.
public struct LabelFileWriter: Sendable {
  public let folder: URL
  public let layout: LabelLayout

  public init(folder: URL, layout: LabelLayout) {
    self.folder = folder
    self.layout = layout
  }

  /// The name in the folder of a bundle's labels: `friday.tsv`, `friday.jsonl`, or the folder `friday`.
  ///
  /// - Parameter stem: the bundle's name without `.h5`.
  public func name(stem: String) -> String {
    switch layout {
    case .tsv: stem + ".tsv"
    case .jsonl: stem + ".jsonl"
    case .utterance: stem
    }
  }

  /// Whether there is something of that name.
  public func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  /// The same writer in the layout of the labels that lie under `name`, which another configuration may have chosen; nil
  /// where there are none.
  public func asWritten(_ name: String) -> LabelFileWriter? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path, isDirectory: &isFolder)
    else { return nil }
    let layout: LabelLayout = isFolder.boolValue ? .utterance : name.hasSuffix(".jsonl") ? .jsonl : .tsv
    return LabelFileWriter(folder: folder, layout: layout)
  }

  /// Writes the labels under `name`, in place of what was there; equal content is left untouched.
  ///
  /// - Throws: `StorageError` when a step fails; earlier labels of that name are then as they were.
  public func write(_ scored: ScoredBundle, as name: String) throws {
    switch layout {
    case .tsv: try write(LabelTable.render(scored), as: name)
    case .jsonl:
      try write(scored.utterances.map { LabelObject.render($0, scored.emotions) + "\n" }.joined(), as: name)
    case .utterance: try LabelFolder(folder.appendingPathComponent(name, isDirectory: true)).write(scored)
    }
  }

  private func write(_ text: String, as name: String) throws {
    let url = folder.appendingPathComponent(name, isDirectory: false)
    let content = Data(text.utf8)
    if (try? Data(contentsOf: url)) == content { return }
    try DurableFile.write(content, to: url)
  }
}
