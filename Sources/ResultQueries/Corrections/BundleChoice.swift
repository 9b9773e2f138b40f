import DialogueDomain
import ResultIndex

/// The one bundle that somebody means by a file name or the beginning of a digest.
public enum BundleChoice {
  /// SHA-256 of its bytes.
  ///
  /// - Parameter typed: as `--bundle` takes it.
  /// - Throws: `QueryError` where there is none, or more than one; `IndexError`.
  public static func digest(of typed: String, in reader: IndexReader) throws -> String {
    var query = BundleQuery()
    query.bundles = [typed]
    let found = try reader.bundles(query)
    let digests = Set(found.map(\.digest))
    guard let digest = digests.first else {
      throw QueryError(usage: "no bundle has this name or digest", found: typed, remedy: "See 'ambq bundles'.")
    }
    guard digests.count == 1 else {
      throw QueryError(
        usage: "several bundles have this name", found: typed,
        expected:
          "the beginning of a digest: \(digests.sorted().prefix(5).map { String($0.prefix(8)) }.joined(separator: ", "))"
      )
    }
    return digest
  }
}
