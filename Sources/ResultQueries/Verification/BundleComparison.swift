import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex

/// Compares the bundles in `done` with the digests that the index has of them.
struct BundleComparison {
  let layout: SpoolLayout
  let reader: IndexReader
  /// Whether sizes have to do, and nothing is read.
  let isQuick: Bool

  /// What has become of a bundle that the index knows.
  enum Whereabouts {
    /// A file of a name and size of its own lies in `done`.
    case there
    /// The daemon has it in hand.
    case active
    case nowhere
  }

  /// Looks for a bundle under its names in `done`; what the file there holds is for `check` to say.
  func find(_ bundle: IndexedBundle) throws -> Whereabouts {
    if try isInDone(bundle) { return .there }
    if FolderEntry(BundleName(FileName(bundle.name)).fileName, in: layout.active) != nil { return .active }
    // It may have been moved between the two looks.
    return try isInDone(bundle) ? .there : .nowhere
  }

  private func isInDone(_ bundle: IndexedBundle) throws -> Bool {
    for name in [bundle.name] + (try reader.aliases(ofDigest: bundle.digest)) {
      for variant in BundleName(FileName(name)).variants(digest: bundle.digest) {
        guard let entry = FolderEntry(variant.fileName, in: layout.done), entry.kind == .file else { continue }
        // Under the plain name may lie another bundle of that name, and this one under none.
        let others =
          variant.digestMark == nil ? try reader.bundles(named: name).filter { $0.digest != bundle.digest } : []
        if others.isEmpty { return true }
        guard Int(entry.signature.size) == bundle.byteCount || isForeign(entry, others) else { continue }
        if isQuick || isForeign(entry, others) { return true }
        let digest = try? FileDigest.sha256(contentsOf: layout.done.appendingPathComponent(variant.text))
        if digest.map({ digest in !others.contains { $0.digest == digest } }) ?? true { return true }
      }
    }
    return false
  }

  /// Whether a file is of none of the bundles that have its name, by its size.
  private func isForeign(_ entry: FolderEntry, _ others: [(digest: String, byteCount: Int)]) -> Bool {
    !others.contains { $0.byteCount == Int(entry.signature.size) }
  }

  /// What is the matter with a file in `done`; nil where the index has its bytes under its name, and for what is not looked at.
  func check(_ name: FileName) throws -> Disagreement? {
    guard let entry = FolderEntry(name, in: layout.done) else { return nil }
    let rule = IntakeRule(entry)
    // A file of corrections has its record elsewhere, and the index has that.
    if rule == .ignored || InputKind(fileName: name.bytes) == .correction { return nil }
    let file = "\(layout.done.lastPathComponent)/\(name.shown)"
    guard rule == .bundle, let text = name.text else {
      return Disagreement(.unknown, .bundle, file, "the index does not know it")
    }
    let known = try owners(of: text)
    let size = Int(entry.signature.size)
    if isQuick {
      if known.isEmpty { return Disagreement(.unknown, .bundle, file, "the index does not know it") }
      if known.contains(where: { $0.byteCount == size }) { return nil }
      return changed(text, file, known, found: "\(size) bytes", expected: "\(known[0].byteCount) bytes")
    }
    let digest: String
    do {
      digest = try FileDigest.sha256(contentsOf: layout.done.appendingPathComponent(text))
    } catch let error as StorageError {
      if error.code == ENOENT { return nil }
      return Disagreement(.bundle, file, unreadable: error)
    }
    if known.contains(where: { $0.digest == digest }) { return nil }
    // What was moved here since the index was asked is known by now.
    let now = try owners(of: text)
    if now.contains(where: { $0.digest == digest }) { return nil }
    guard now.isEmpty else { return changed(text, file, now, found: digest, expected: now[0].digest) }
    let twins = try reader.fileNames(ofDigest: digest)
    let what = twins.first.map { "the index knows these bytes as \($0)" } ?? "the index does not know it"
    return Disagreement(.unknown, .bundle, file, what, found: digest)
  }

  /// The bundles that may lie under a name in `done`: those of the name, and one that the digest in the name tells.
  private func owners(of name: String) throws -> [(digest: String, byteCount: Int)] {
    let named = try reader.bundles(named: name)
    guard let mark = BundleName(FileName(name)).digestMark else { return named }
    return named + (try reader.bundles(named: mark.name).filter { $0.digest.hasPrefix(mark.digest) })
  }

  private func changed(
    _ name: String, _ file: String, _ owners: [(digest: String, byteCount: Int)], found: String, expected: String
  ) -> Disagreement {
    var disagreement = Disagreement(
      .changed, .bundle, file, "its bytes are not those that were scored", found: found, expected: expected)
    disagreement.bundle = name
    disagreement.digest = owners.count == 1 ? owners[0].digest : nil
    return disagreement
  }
}

extension BundleName {
  fileprivate var fileName: FileName { FileName(text) }
}
