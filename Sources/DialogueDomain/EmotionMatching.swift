import Foundation

/// Which of a model's classes the name of a true emotion means: one rule wherever labels are compared with the truth.
///
/// Names are equal without regard to case, to blanks around them and to how their letters are composed. Another word for
/// a class counts only where an alias says so.
///
/// ```swift
/// let matching = try EmotionMatching(aliases: ["happy=joy"])
/// matching.index(of: " Joy", in: EmotionSet(["anger", "joy"]))    // 1
/// matching.index(of: "happy", in: EmotionSet(["anger", "joy"]))   // 1
/// ```
public struct EmotionMatching: Sendable, Equatable {
  /// What each further word, folded, means.
  private var meanings: [String: String] = [:]

  /// Names alone, no aliases.
  public init() {}

  /// Names and aliases.
  ///
  /// - Parameter aliases: each `word=class`, as in `happy=joy`.
  /// - Throws: `AliasError` for what is not of that form, or gives one word two meanings.
  public init(aliases: [String]) throws(AliasError) {
    for alias in aliases {
      let sides = alias.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        Self.folded(String($0))
      }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { throw AliasError(.form(alias)) }
      if let earlier = meanings.updateValue(sides[1], forKey: sides[0]), earlier != sides[1] {
        throw AliasError(.twice(word: sides[0], meanings: [earlier, sides[1]]))
      }
    }
  }

  /// The same with further aliases, which go before those that are there.
  ///
  /// - Throws: as the initialiser.
  public func adding(aliases: [String]) throws(AliasError) -> EmotionMatching {
    var both = try EmotionMatching(aliases: aliases)
    both.meanings.merge(meanings) { added, _ in added }
    return both
  }

  /// The class that a name means; nil where the model has none for it.
  ///
  /// A class of exactly that name goes before one that differs in case, that before what an alias says.
  public func index(of name: String, in emotions: EmotionSet) -> Int? {
    if let exact = emotions.index(of: name) { return exact }
    let folded = Self.folded(name)
    return Self.place(folded, in: emotions) ?? meanings[folded].flatMap { Self.place($0, in: emotions) }
  }

  /// What a true emotion and a label are to each other: the one rule for what a figure counts.
  ///
  /// - Parameter label: the class that the utterance was given; nil where nothing can be said of it.
  public func agreement(truth: String, label: Int?, in emotions: EmotionSet) -> TruthAgreement {
    guard let label else { return .unanswered }
    return index(of: truth, in: emotions).map { .judged(truth: $0, label: label) } ?? .otherEmotion
  }

  /// A name as it is compared: composed, in small letters, without blanks around it.
  public static func folded(_ name: String) -> String {
    name.trimmingCharacters(in: .whitespacesAndNewlines).composed.lowercased()
  }

  private static func place(_ folded: String, in emotions: EmotionSet) -> Int? {
    emotions.names.firstIndex { Self.folded($0) == folded }
  }
}

/// What one true emotion and one label are to each other.
public enum TruthAgreement: Sendable, Hashable {
  /// Two classes of the model, equal or not: figures count it.
  case judged(truth: Int, label: Int)
  /// The model has no class for the true emotion.
  case otherEmotion
  /// The utterance lacks every modality: nothing can be said of it.
  case unanswered
}

/// An alias of an emotion that cannot be used.
public struct AliasError: ExplainedError, Equatable {
  enum Fault: Equatable {
    case form(String)
    case twice(word: String, meanings: [String])
  }

  let fault: Fault

  init(_ fault: Fault) {
    self.fault = fault
  }

  /// What was found, and what an alias looks like.
  public var explanation: Explanation {
    switch fault {
    case .form(let text):
      Explanation(
        .usage, "not an alias of an emotion", found: "\"\(text)\"", expected: "a word, =, and the model's name for it",
        remedy: "Write it as happy=joy.")
    case .twice(let word, let meanings):
      Explanation(
        .usage, "an alias has two meanings", found: meanings.map { "\(word)=\($0)" }.joined(separator: " and "),
        expected: "one meaning for each word", remedy: "Leave one of them out.")
    }
  }
}
