import DialogueDomain
import GRDB

extension IndexReader {
  /// The emotions that the index's models tell apart, in the class order of the first model, then what others add.
  ///
  /// `unknown`, the label of utterances that nothing can be said of, comes last where it was given.
  public func emotions() throws -> [String] {
    try read { database in
      var names: [String] = []
      for json in try String.fetchAll(database, sql: "SELECT emotions FROM model ORDER BY id") {
        for name in BundleDecoder.emotions(json).names where !names.contains(name) { names.append(name) }
      }
      let unknown = ScoredUtterance.unknownEmotion
      let given = try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM utterance WHERE emotion = (SELECT id FROM emotion WHERE name = ?))",
        arguments: [unknown])
      if given == true && !names.contains(unknown) { names.append(unknown) }
      return names
    }
  }

  /// The emotions of the models whose scorings a query looks at, in class order.
  public func emotions(_ query: UtteranceQuery) throws -> [String] {
    try read { try Self.emotions(query, $0) }
  }

  /// The emotions that a list of what a query finds names although none of its utterances has them: those of its models,
  /// unless it asks for some emotions or excludes them.
  public func emotionsToName(_ query: UtteranceQuery) throws -> [String] {
    try read { try Self.emotionsToName(query, $0) }
  }

  static func emotionsToName(_ query: UtteranceQuery, _ database: Database) throws -> [String] {
    guard query.emotions.isEmpty else { return [] }
    return try emotions(query, database).filter { !query.excludedEmotions.contains($0) }
  }

  static func emotions(_ query: UtteranceQuery, _ database: Database) throws -> [String] {
    let selection = UtteranceSelection(query)
    let ids: SQL
    if let conditions = selection.sumConditions(ignoringUtterances: true) {
      ids = "SELECT model FROM scoring_sum WHERE bundles > 0 AND " + conditions
    } else {
      let terms = selection.bundleConditions
      ids = "SELECT DISTINCT b.model FROM " + selection.bundleTable + " WHERE " + terms.joined(separator: " AND ")
    }
    let sql: SQL = "SELECT emotions FROM model WHERE id IN (" + ids + ") ORDER BY id"
    let (text, arguments) = try sql.build(database)
    var names: [String] = []
    for json in try String.fetchAll(database, sql: text, arguments: arguments) {
      for name in BundleDecoder.emotions(json).names where !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// What a name of the index may name.
  public enum NameKind: String, Sendable {
    /// A speaker's name.
    case speaker
    /// A dialogue's id.
    case dialogue
    /// A bundle's file name.
    case bundle
    /// A model's name.
    case model
  }

  /// Whether the index holds a name; wildcards count as in queries.
  public func hasName(_ name: String, _ kind: NameKind) throws -> Bool {
    let rows: SQL =
      switch kind {
      case .speaker, .dialogue: NamePattern.rows("1", [name], among: (kind.rawValue, "name"))
      case .model:
        "SELECT 1 FROM model WHERE "
          + ([NamePattern.matches("name", [name], among: ("model", "name"))]
          + NamePattern.startsDigest("digest", [name])).joined(separator: " OR ")
      case .bundle:
        "SELECT 1 FROM bundle b WHERE "
          + BundleConditions(bundles: [name], models: [], since: nil, until: nil, allModels: true).all
      }
    return try read { database in
      let sql: SQL = "SELECT EXISTS (" + rows + ")"
      let (text, arguments) = try sql.build(database)
      return try Bool.fetchOne(database, sql: text, arguments: arguments) ?? false
    }
  }

  /// The names that begin with a text, in order, each once.
  ///
  /// - Parameter limit: at most so many.
  public func names(_ kind: NameKind, beginningWith text: String, limit: Int) throws -> [String] {
    let either = NamePattern.globs(beginningWith: text).map { glob -> SQL in "name GLOB \(glob)" }
    let sql: SQL =
      "SELECT DISTINCT name FROM " + SQL(sql: kind.rawValue) + " WHERE " + either.joined(separator: " OR ")
      + " ORDER BY name LIMIT \(limit)"
    return try read { database in
      let (text, arguments) = try sql.build(database)
      return try String.fetchAll(database, sql: text, arguments: arguments)
    }
  }

  /// The name that a mistyped one was probably meant to be, among those with the same first letter in either case.
  public func nearest(to name: String, _ kind: NameKind) throws -> String? {
    guard let first = name.composed.first else { return nil }
    // An index may hold a million dialogues: the first letter is taken to be right, and a few thousand have to do.
    let either = NamePattern.globs(beginningWith: first).map { glob -> SQL in "name GLOB \(glob)" }.joined(
      separator: " OR ")
    let sql: SQL =
      "SELECT DISTINCT name FROM " + SQL(sql: kind.rawValue) + " WHERE " + either + " ORDER BY name LIMIT 5000"
    let names = try read { database in
      let (text, arguments) = try sql.build(database)
      return try String.fetchAll(database, sql: text, arguments: arguments)
    }
    return nearestName(to: name, among: names)
  }
}
