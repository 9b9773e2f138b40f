import DialogueDomain
import Foundation
import ResultIndex
import Testing

@testable import ResultQueries

struct GroupListingTests {
  private func text(
    _ grouping: UtteranceGrouping, _ format: OutputFormat, onlyCounts: Bool = false, width: Int = 80,
    in sample: SampleIndex? = nil, _ change: (inout GroupListing, inout UtteranceQuery) -> Void = { _, _ in }
  ) throws -> String {
    let reader = try (sample ?? SampleIndex()).reader
    var (listing, query) = (GroupListing(grouping, onlyCounts: onlyCounts), UtteranceQuery())
    change(&listing, &query)
    return try printed(format, width: width) { _ = try listing.write(query, reader, on: $0) }
  }

  @Test func dialoguesAreListedInTheOrderOfTheirBundles() throws {
    let rows = try objects(try text(.dialogue, .json))
    #expect(rows.map { $0["dialogue"] as? String } == ["tea", "walk", "tea"])
    #expect(rows.map { $0["bundle"] as? String } == ["friday.h5", "friday.h5", "saturday.h5"])
    let tea = rows[0]
    #expect(tea["utterances"] as? Int == 3 && tea["speakers"] as? Int == 2)
    #expect(tea["start"] as? Double == 0 && tea["end"] as? Double == 11.5)
    #expect(tea["emotion"] as? String == "joy" && tea["emotions"] as? [String: Int] == ["joy": 2, "anger": 1])
    #expect(abs((tea["mean_confidence"] as? Double ?? 0) - 2 / 3.0) < 1e-9 && tea["uncertain"] is NSNull)
    #expect(tea["scored"] as? String == "2026-11-22T19:40:00.000Z" && tea["model"] as? String == "meld-minilm")
    let tsv = lines(try text(.dialogue, .tsv))
    #expect(tsv[0].hasPrefix("dialogue\tbundle\tutterances\tspeakers\tstart\tend\temotion\temotions\t"))
    #expect(tsv[1].hasPrefix("tea\tfriday.h5\t3\t2\t0\t11.5\tjoy\tjoy=2,anger=1\t0.666667\t\tmeld-minilm\t"))
  }

  @Test func speakersWithMostUtterancesComeFirst() throws {
    let rows = try objects(try text(.speaker, .json))
    #expect(rows.map { $0["speaker"] as? String } == ["Rachel", "Ross", "Phoebe"])
    #expect(rows.map { $0["share"] as? Double } == [0.4, 0.4, 0.2])
    #expect(rows[1]["dialogues"] as? Int == 2 && rows[1]["bundles"] as? Int == 1)
    #expect(rows[2]["first_scored"] as? String == "2026-11-22T20:40:00.000Z")
    #expect(try lines(text(.speaker, .csv) { listing, _ in listing.sort = "name" })[1].hasPrefix("Phoebe,1,0.2,1,1,"))
    #expect(throws: QueryError.self) { try text(.speaker, .csv) { listing, _ in listing.sort = "loudness" } }
  }

  @Test func emotionsThatNobodyWasGivenComeLast() throws {
    let rows = try objects(try text(.emotion, .json))
    #expect(rows.map { $0["emotion"] as? String } == ["joy", "neutral", "anger", "fear"])
    #expect(rows.map { $0["utterances"] as? Int } == [2, 2, 1, 0] && rows[3]["mean_confidence"] is NSNull)
    let one = try objects(try text(.emotion, .json) { _, query in query.emotions = ["anger"] })
    #expect(one.count == 1 && one[0]["share"] as? Double == 1)
    // Where nothing is found, there is nothing to list.
    #expect(try text(.emotion, .json) { _, query in query.speakers = ["nobody"] } == "[]\n")
    let table = lines(try text(.emotion, .table))
    #expect(table[0] == "EMOTION  UTTERANCES  SHARE  CONFIDENCE  UNCERTAIN  SPEAKERS  DIALOGUES")
    #expect(table[1] == "joy               2   40 %        0.70          –         1          1")
    #expect(table[4] == "fear              0    0 %           –          –         0          0")
  }

  @Test func modelsAreListedWithTheirDigests() throws {
    let sample = try SampleIndex()
    let rows = try objects(try text(.model, .json, in: sample))
    #expect(rows.count == 1 && rows[0]["model"] as? String == "meld-minilm")
    #expect(rows[0]["model_digest"] as? String == String(repeating: "5e", count: 32))
    #expect(rows[0]["bundles"] as? Int == 2 && rows[0]["dialogues"] as? Int == 3 && rows[0]["utterances"] as? Int == 5)
    #expect(rows[0]["first_scored"] as? String != rows[0]["last_scored"] as? String)
  }

  @Test func anUtteranceWithoutALabelHasNoConfidence() throws {
    let sample = try SampleIndex(isFilled: false)
    let writer = try IndexWriter(sample.layout.index)
    var mute = sample.utterance("tea", 1, "Ross", ScoredUtterance.unknownEmotion, 0)
    (mute.shares, mute.branchLogits) = ([:], [:])
    try sample.record(writer, "odd.h5", digit: "7", [sample.utterance("tea", 0, "Ross", "joy", 0.8), mute], after: 0)
    try writer.close()
    let speaker = try objects(try text(.speaker, .json, in: sample))[0]
    #expect(speaker["mean_confidence"] as? Double == 0.8 && speaker["utterances"] as? Int == 2)
    #expect(speaker["emotions"] as? [String: Int] == ["joy": 1, "unknown": 1])
  }

  @Test func countsAreTheLargestFirstAndDaysInTheirOrder() throws {
    #expect(
      try text(.emotion, .tsv, onlyCounts: true)
        == "emotion\tcount\tshare\njoy\t2\t0.4\nneutral\t2\t0.4\nanger\t1\t0.2\n")
    #expect(
      try lines(text(.dialogue, .csv, onlyCounts: true)) == [
        "dialogue,bundle,count,share", "tea,friday.h5,3,0.6", "walk,friday.h5,1,0.2", "tea,saturday.h5,1,0.2",
      ])
    #expect(try objects(try text(.day, .json, onlyCounts: true)).reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 5)
    #expect(
      try lines(text(.speaker, .table, onlyCounts: true) { listing, _ in listing.limit = 1 }) == [
        "SPEAKER  COUNT  SHARE", "Rachel       2   40 %",
      ])
  }

  @Test(arguments: UtteranceGrouping.allCases, [50, 80, 120])
  func tablesFitTheirWidth(_ grouping: UtteranceGrouping, _ width: Int) throws {
    for onlyCounts in [false, true] {
      let table = lines(try text(grouping, .table, onlyCounts: onlyCounts, width: width))
      #expect(table.count > 1 && table.allSatisfy { $0.count <= width }, "\(table)")
    }
  }
}
