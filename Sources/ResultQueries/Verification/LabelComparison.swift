import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import ResultIndex

/// Compares a bundle's labels as they lie in a file with what the index holds, utterance by utterance.
///
/// What the daemon would write is made again and must be there to the byte; where it is not, field by field is compared, so
/// that labels of an earlier version, which had fewer columns, agree as well. The first difference ends the comparison.
struct LabelComparison {
  let bundle: IndexedBundle
  let reader: IndexReader
  /// The file or folder of the labels.
  let url: URL
  /// That relative to the spool.
  let file: String
  /// False while a probe is pending: the file may be ahead of the index, or behind it.
  let comparesStability: Bool

  /// What must be there, whatever version wrote it.
  private static let needed = ["dialogue", "utterance", "emotion", "confidence"]

  /// - Throws: `Disagreement` with the first difference; `StorageError` where the labels cannot be read; `IndexError`.
  func run() throws {
    if FolderEntry(FileName(url.lastPathComponent), in: url.deletingLastPathComponent())?.kind == .folder {
      try compareFolder()
    } else if url.lastPathComponent.hasSuffix(".jsonl") {
      try compareObjects()
    } else {
      try compareTable()
    }
  }

  private func compareTable() throws {
    let lines = try FileLines(url)
    let expectedHeader = LabelTable.header(bundle.emotions)
    let header = try lines.next().map { String(decoding: $0, as: UTF8.self) } ?? ""
    let names = expectedHeader.components(separatedBy: "\t")
    let columns = header.components(separatedBy: "\t")
    for name in Self.needed where !columns.contains(name) {
      throw changed("it is no table of labels", found: "no column '\(name)'", expected: expectedHeader)
    }
    let places = names.map { columns.firstIndex(of: $0) }
    try compare(lines) { line, utterance in
      let row = LabelTable.row(utterance, bundle.emotions)
      guard header != expectedHeader || !line.elementsEqual(row.utf8) else { return }
      let fields = String(decoding: line, as: UTF8.self).components(separatedBy: "\t")
      guard fields.count == columns.count else {
        throw changed(
          "the row of \(name(utterance)) is cut or joined", found: "\(fields.count) fields",
          expected: "\(columns.count)")
      }
      for ((name, place), value) in zip(zip(names, places), row.components(separatedBy: "\t")) {
        if let place, fields[place] != value, counts(name) { throw different(name, utterance, fields[place], value) }
      }
    }
  }

  private func compareObjects() throws {
    try compare(try FileLines(url)) { line, utterance in try compareObject(Data(line), utterance) }
  }

  private func compareFolder() throws {
    var count = 0
    try forEachUtterance { utterance in
      count += 1
      let path = "\(SafeFileName.of(utterance.dialogue))/\(SafeFileName.of(utterance.utterance)).json"
      do {
        guard let line = try FileLines(url.appendingPathComponent(path)).next() else {
          throw changed("the file of \(name(utterance)) is empty")
        }
        try compareObject(Data(line), utterance)
      } catch let error as StorageError where error.code == ENOENT || error.code == ENOTDIR {
        throw Disagreement(.missing, .labels, "\(file)/\(path)", of: bundle, "the label of an utterance is not there")
      }
    }
    var there = 0
    try FolderListing.forEach(in: url) { dialogue in
      guard FolderEntry(dialogue, in: url)?.kind == .folder, let text = dialogue.text else { return }
      try FolderListing.forEach(in: url.appendingPathComponent(text)) { _ in there += 1 }
    }
    guard there == count else { throw changed("it holds other files as well", found: "\(there)", expected: "\(count)") }
  }

  /// Takes line by line beside utterance by utterance.
  private func compare(_ lines: FileLines, _ body: ([UInt8], ScoredUtterance) throws -> Void) throws {
    var count = 0
    try forEachUtterance { utterance in
      guard let line = try lines.next() else {
        throw changed("it ends early", found: "\(count) utterances", expected: "\(bundle.utterances)")
      }
      try body(line, utterance)
      count += 1
    }
    if try lines.next() != nil {
      throw changed("it has more utterances than the index", found: "more than \(count)", expected: "\(count)")
    }
  }

  private func forEachUtterance(_ body: (ScoredUtterance) throws -> Void) throws {
    try reader.forEachUtterance(of: bundle) { try body(ScoredUtterance($0)) }
  }

  private func compareObject(_ line: Data, _ utterance: ScoredUtterance) throws {
    let expected = Data(LabelObject.render(utterance, bundle.emotions).utf8)
    guard line != expected else { return }
    guard let found = try? JSONSerialization.jsonObject(with: line) as? [String: Any],
      let wanted = try? JSONSerialization.jsonObject(with: expected) as? [String: Any]
    else { throw changed("what stands for \(name(utterance)) is no object of JSON") }
    for key in Self.needed where found[key] == nil {
      throw changed("what stands for \(name(utterance)) is no label", found: "no key '\(key)'", expected: key)
    }
    for key in wanted.keys.sorted() where counts(key) && found[key] != nil {
      let (held, due) = (Self.text(found[key]), Self.text(wanted[key]))
      if held != due { throw different(key, utterance, held, due) }
    }
  }

  /// A value of JSON as text, the same for equal values.
  private static func text(_ value: Any?) -> String {
    guard let value, let data = try? JSONSerialization.data(withJSONObject: [value], options: .sortedKeys) else {
      return ""
    }
    return String(String(decoding: data, as: UTF8.self).dropFirst().dropLast())
  }

  /// Of more classes than a number has bits, the index has no sets.
  private func counts(_ name: String) -> Bool {
    (name != "stability" || comparesStability) && (name != "set" || bundle.emotions.count <= 64)
  }

  private func name(_ utterance: ScoredUtterance) -> String {
    "dialogue \(utterance.dialogue), utterance \(utterance.utterance)"
  }

  private func different(_ field: String, _ utterance: ScoredUtterance, _ found: String, _ expected: String)
    -> Disagreement
  {
    changed("\(field) of \(name(utterance)) is not the index's", found: found, expected: expected)
  }

  private func changed(_ what: String, found: String? = nil, expected: String? = nil) -> Disagreement {
    Disagreement(.changed, .labels, file, of: bundle, what, found: found, expected: expected)
  }
}
