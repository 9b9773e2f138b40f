import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex

/// Where the bytes lie that a bundle's labels were made from.
struct StoredBundle {
  let layout: SpoolLayout
  let reader: IndexReader

  /// The file, under whichever of its names.
  ///
  /// - Throws: `QueryError` where it is gone or holds other bytes, `IndexError`.
  func file(of bundle: IndexedBundle) throws -> URL {
    let names = [bundle.name] + (try reader.aliases(ofDigest: bundle.digest))
    let variants = names.flatMap { BundleName(FileName($0)).variants(digest: bundle.digest) }.map(\.text)
    var others: URL?
    // While another model scores it, the bundle lies in active.
    for folder in [layout.done, layout.active] {
      for name in variants {
        guard let entry = FolderEntry(FileName(name), in: folder), entry.kind == .file else { continue }
        let url = folder.appendingPathComponent(name, isDirectory: false)
        if Int(entry.signature.size) == bundle.byteCount, try FileDigest.sha256(contentsOf: url) == bundle.digest {
          return url
        }
        others = others ?? url
      }
    }
    let place = others.map { "\($0.deletingLastPathComponent().lastPathComponent)/\($0.lastPathComponent)" }
    let remedy = "Drop the bundle that was scored into incoming once more; when it has come to done, ask again."
    if let place {
      throw QueryError(
        Explanation(.data, "this file holds other bytes than were scored", at: place, remedy: remedy))
    }
    throw QueryError(
      Explanation(
        .missingInput, "the bundle is gone, and a label is explained from it", at: "done/\(bundle.name)",
        remedy: remedy + " retention.done_days says how long bundles are kept."))
  }
}
