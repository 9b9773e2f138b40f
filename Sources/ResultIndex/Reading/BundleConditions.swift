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
    if !models.isEmpty {
      let either =
        [NamePattern.matches("name", models, among: ("model", "name"))] + NamePattern.startsDigest("digest", models)
      terms.append("b.model IN (SELECT id FROM model WHERE " + either.joined(separator: " OR ") + ")")
    }
    return terms
  }

  /// All terms in one condition.
  var all: SQL { terms.isEmpty ? "1" : "(" + terms.joined(separator: " AND ") + ")" }

  /// By file name, title, alias or digest.
  private var named: SQL {
    let either: [SQL] =
      [
        NamePattern.matches("b.name", bundles, among: ("bundle", "name")),
        NamePattern.matches("b.title", bundles, among: ("bundle", "title")),
        "b.digest IN (SELECT digest FROM alias WHERE "
          + NamePattern.matches("alias.name", bundles, among: ("alias", "name")) + ")",
      ] + NamePattern.startsDigest("b.digest", bundles)
    return "(" + either.joined(separator: " OR ") + ")"
  }
}
