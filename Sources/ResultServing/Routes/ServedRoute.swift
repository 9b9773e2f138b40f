import AmbqConfiguration
import ResultIndex
import ResultQueries

/// What an answer is made from.
struct ServedContext {
  /// Where index and spool are.
  let location: ResultLocation
  /// What was asked, without the token.
  let target: RequestTarget

  /// The index as it is now: it may have come, gone or been replaced since the last request.
  ///
  /// - Parameter aliases: further names of true emotions.
  /// - Throws: `IndexError`, `Refusal`.
  func reader(matching aliases: [String] = []) throws -> IndexReader {
    try IndexReader(location.index, matching: location.settings.labels.matching.adding(aliases: aliases))
  }

  /// That there is no such dialogue, with the reason that `ambq` gives.
  func nothing(_ query: UtteranceQuery, _ reader: IndexReader) throws -> Refusal {
    Refusal(.notFound, try EmptyResult(reader).explanation(of: query))
  }
}

/// An address, and what is answered there.
struct ServedRoute: Sendable {
  typealias Answering = @Sendable (inout QueryParameters, ServedContext) throws -> ServedAnswer

  let path: String
  /// In a few words.
  let meaning: String
  let answer: Answering

  init(_ path: String, _ meaning: String, answer: @escaping Answering) {
    (self.path, self.meaning, self.answer) = (path, meaning, answer)
  }
}
