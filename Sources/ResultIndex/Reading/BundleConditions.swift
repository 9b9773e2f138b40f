import Foundation
import GRDB

/// The conditions on the table `b` (bundle) that lists of utterances and of bundles have in common.
struct BundleConditions {
  var bundles: [String]
  var models: [String]
  var since: Date?
  var until: Date?
  var allModels: Bool

  var terms: [SQL] {
    var terms: [SQL] = []
    if !allModels && models.isEmpty { terms.append("b.current") }
    if let since { terms.append("b.scored >= \(since.milliseconds)") }
    if let until { terms.append("b.scored < \(until.milliseconds)") }
    if !bundles.isEmpty { terms.append(named) }
    if !models.isEmpty { terms.append(Self.isOf(models, "b.model")) }
    return terms
  }

  /// The table, by the way that is fixed where no names lead to the rows: the index over times holds all that is filtered by.
  var table: SQL { bundles.isEmpty ? "bundle b INDEXED BY bundle_scored" : "bundle b" }

  /// All terms in one condition.
  var all: SQL { terms.isEmpty ? "1" : "(" + terms.joined(separator: " AND ") + ")" }

  /// The conditions on the columns `current` and `model` of a table of sums; nil where these do not tell the bundles apart.
  var ofSums: SQL? {
    guard bundles.isEmpty && since == nil && until == nil else { return nil }
    if !models.isEmpty { return Self.isOf(models, "model") }
    return allModels ? "1" : "current"
  }

  private static func isOf(_ models: [String], _ column: String) -> SQL {
    let either =
      [NamePattern.matches("name", models, among: ("model", "name"))] + NamePattern.startsDigest("digest", models)
    return SQL(sql: column) + " IN (SELECT id FROM model WHERE " + either.joined(separator: " OR ") + ")"
  }

  /// By file name, title, alias or digest: looked up one after the other, each in its index.
  private var named: SQL {
    let aliased = NamePattern.rows("digest", bundles, among: ("alias", "name"))
    let either: [SQL] =
      [
        NamePattern.rows("id", bundles, among: ("bundle", "name")),
        NamePattern.rows("id", bundles, among: ("bundle", "title")),
        "SELECT id FROM bundle WHERE digest IN (" + aliased + ")",
      ]
      + NamePattern.startsDigest("digest", bundles).map { "SELECT id FROM bundle WHERE " + $0 }
    return "b.id IN (" + either.joined(separator: " UNION ") + ")"
  }
}
