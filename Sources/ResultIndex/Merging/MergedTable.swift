/// How the rows of one table of the schema go from one index into another: the one place that says so.
///
/// Columns that are not named here are taken over as they are, so that a new column needs nothing. A new table with rows of
/// bundles is one more entry of `ofBundles`, after those that it refers to.
struct MergedTable {
  /// Tables whose rows have numbers that other tables refer to; a bundle's follow one another, here as there.
  enum Numbered: String, CaseIterable {
    case dialogue, utterance

    var place: Int { self == .dialogue ? 0 : 1 }
  }

  /// Tables of names, each of which stands there once.
  enum Named: String, CaseIterable {
    case emotion, speaker

    var place: Int { self == .emotion ? 0 : 1 }
  }

  /// What becomes of a column whose value means something in its own index only.
  enum Link {
    /// The bundle's number.
    case bundle
    /// The number of a row of this or an earlier table.
    case number(Numbered)
    /// The number of a name.
    case name(Named)
    /// Where the bundle's bytes lie.
    case bundleFile
    /// Nothing: what it refers to is not carried over.
    case none
    /// Whoever carries the row over sets it.
    case set
  }

  /// Which rows are a bundle's, in their order.
  enum Rows {
    /// Those that have its number in the column `bundle`. Their own numbers follow one another, so that a table is read from its
    /// first row to its last.
    case following
    /// Those that a clause chooses: `?1` is the bundle's number, `?2` and `?3` those of its first and last utterance, `?4` its
    /// digest.
    case chosen(String)
  }

  let name: String
  let rows: Rows
  /// In the order in which new names are given their numbers.
  let links: [(column: String, link: Link)]
  /// What to select, where that is not every column.
  var columns: [String]?
  /// Whether only bundles have such rows that tell words.
  var isOfWords = false

  /// In the order in which they are carried over.
  ///
  /// `BundleInsertion` gives new names their numbers in this order, too.
  static let ofBundles = [
    MergedTable(name: "alias", rows: .chosen("WHERE digest = ?4 ORDER BY name"), links: []),
    MergedTable(
      name: "dialogue", rows: .following, links: [("id", .number(.dialogue)), ("bundle", .bundle)]),
    MergedTable(
      name: "utterance", rows: .following,
      links: [
        ("id", .number(.utterance)), ("bundle", .bundle), ("dialogue", .number(.dialogue)), ("truth", .name(.emotion)),
        ("speaker", .name(.speaker)), ("emotion", .name(.emotion)), ("given", .name(.emotion)),
        ("correction", .none),
      ]),
    MergedTable(
      name: "words", rows: .chosen("WHERE rowid BETWEEN ?2 AND ?3 ORDER BY rowid"),
      links: [("rowid", .number(.utterance))], columns: ["rowid", "text"], isOfWords: true),
    MergedTable(
      name: "probe", rows: .chosen("WHERE bundle = ?1"), links: [("bundle", .bundle), ("file", .bundleFile)]),
  ]
  static let bundle = MergedTable(
    name: "bundle", rows: .chosen("WHERE id = ?1"),
    links: [("id", .bundle), ("model", .set), ("title", .set), ("label_file", .set)])
  static let model = MergedTable(name: "model", rows: .chosen("WHERE id = ?1"), links: [("id", .set)])
  static let failure = MergedTable(
    name: "failure", rows: .chosen("WHERE id = ?1"), links: [("id", .set), ("resolved", .set)])

  /// Tables that are large: their indexes are made when all rows are there, in one go each.
  static let large = Numbered.allCases.map(\.rawValue) + [bundle.name]
  /// Those of their indexes that are asked while rows come.
  static let askedMeanwhile = ["bundle_title", "bundle_label_file"]
}
