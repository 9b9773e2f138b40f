import DialogueDomain

/// The emotions that an index knows, for checking what a user typed.
struct EmotionNames {
  private let known: [String]

  init(_ known: [String]) {
    self.known = known
  }

  /// The emotion meant, whatever the case of its letters.
  ///
  /// - Throws: `CommandError` that names the emotions there are. An index without a model knows none and takes any.
  func resolve(_ name: String) throws -> String {
    if known.isEmpty || known.contains(name) { return name }
    if let same = known.first(where: { $0.lowercased() == name.lowercased() }) { return same }
    let meant = (nearestName(to: name, among: known) ?? sharingBeginning(name)).map { ". Did you mean '\($0)'?" } ?? ""
    throw CommandError(
      usage: "no model of this index knows the emotion '\(name)'",
      expected: "one of \(known.joined(separator: ", "))\(meant)")
  }

  /// `sad` means `sadness` and `angry` means `anger`, though many letters differ.
  private func sharingBeginning(_ name: String) -> String? {
    let common = known.map { ($0, $0.lowercased().commonPrefix(with: name.lowercased()).count) }
    guard let best = common.max(by: { $0.1 < $1.1 }), best.1 >= 3 else { return nil }
    return best.0
  }
}
