import EvaluationStatistics
import Foundation
import ResultIndex
import Testing

@testable import ResultQueries

struct EmotionTallyTests {
  @Test func theMostFrequentComesFirstAndNamesDecideAmongEquals() {
    var tally = EmotionTally(["joy", "anger", "joy", "fear", "anger", "neutral"])
    #expect(tally.total == 6)
    #expect(tally.leading.map(\.name) == ["anger", "joy", "fear", "neutral"])
    #expect(tally.summary == "anger 33 %, joy 33 %, fear 17 %")
    tally.add("fear", 4)
    #expect(tally.leading.first?.name == "fear" && tally.leading.first?.count == 5)
  }
}

struct AgreementTests {
  private func counts(_ rows: [(truth: String, emotion: String, count: Int)]) throws -> TruthComparison {
    let sample = try SampleIndex(isFilled: false)
    let writer = try IndexWriter(sample.layout.index)
    var turn = -1
    let utterances = rows.flatMap { row in
      (0..<row.count).map { _ in
        turn += 1
        return sample.utterance("d", turn, "Ross", row.emotion, 0.5, truth: row.truth)
      }
    }
    try sample.record(
      writer, "x.h5", digit: "1", utterances + [sample.utterance("d", turn + 1, "Ross", "joy", 0.5)], after: 0)
    try writer.close()
    return try sample.reader.truthComparison(UtteranceQuery())
  }

  @Test func figuresAreThoseOfTheConfusion() throws {
    // Joy: 3 right, 1 called anger. Anger: 1 right, 1 called joy.
    let agreement = try counts([("joy", "joy", 3), ("joy", "anger", 1), ("anger", "anger", 1), ("anger", "joy", 1)])
    // F1 of joy 2·3/(4 + 4), of anger 2·1/(2 + 2).
    #expect(agreement.utterances == 6 && agreement.accuracy == 4.0 / 6)
    let (weighted, macro) = (try #require(agreement.weightedF1), try #require(agreement.macroF1))
    #expect(abs(weighted - 4.0 / 6) < 1e-12 && abs(macro - 0.625) < 1e-12)
  }

  @Test func anEmotionThatIsNeverTheTruthCountsAsWrong() throws {
    let agreement = try counts([("joy", "joy", 1), ("joy", "fear", 1)])
    let weighted = try #require(agreement.weightedF1)
    #expect(agreement.accuracy == 0.5 && abs(weighted - 2.0 / 3) < 1e-12)
  }

  @Test func withoutTruthThereIsNone() throws {
    let agreement = try counts([])
    #expect(!agreement.hasTruth && agreement.accuracy == nil)
  }
}

struct StatisticsTests {
  @Test func countsAddUpOverEmotionsSpeakersAndBundles() throws {
    let statistics = try Statistics(SampleIndex().reader, UtteranceQuery())
    #expect(statistics.utterances == 5 && abs(statistics.meanConfidence - 0.62) < 1e-6)
    #expect(statistics.emotions.map(\.name) == ["joy", "neutral", "anger", "fear"])
    #expect(statistics.emotions.map(\.count) == [2, 2, 1, 0])
    #expect(abs(statistics.emotions[0].meanConfidence - 0.7) < 1e-6 && statistics.emotions[3].meanConfidence.isNaN)
    #expect(statistics.emotions.map(\.share) == [0.4, 0.4, 0.2, 0])
    var (speakers, bundles, totals): ([String], [String], [Int]) = ([], [], [])
    #expect(try statistics.forEachShare(of: .speaker, limit: 2) { share, _ in speakers.append(share.name) } == 3)
    try statistics.forEachShare(of: .bundle) { share, tally in
      bundles.append(share.name)
      totals.append(tally.total)
    }
    #expect(speakers == ["Rachel", "Ross"] && statistics.bundles == 2)
    #expect(bundles == ["friday.h5", "saturday.h5"] && totals == [4, 1])
    #expect(statistics.period?.first == SampleIndex.evening && statistics.period?.last == SampleIndex.evening + 3600)
    #expect(statistics.truth.utterances == 3 && statistics.stability == nil)
  }

  @Test func emotionsThatAreFilteredOutAreNotListed() throws {
    let reader = try SampleIndex().reader
    var query = UtteranceQuery()
    query.excludedEmotions = ["neutral"]
    #expect(try Statistics(reader, query).emotions.map(\.name) == ["joy", "anger", "fear"])
    (query.emotions, query.excludedEmotions) = (["anger"], [])
    let anger = try Statistics(reader, query)
    #expect(anger.emotions.map(\.name) == ["anger"] && anger.utterances == 1)
  }

  @Test func theTableHasBarsAndCutsLongLists() throws {
    let statistics = try Statistics(SampleIndex().reader, UtteranceQuery())
    let text = lines(try printed(width: 60) { try StatisticsPrinter(statistics, $0).print(top: 1) })
    #expect(text[0].hasPrefix("5 utterances of 2 bundles, scored "))
    #expect(text[2] == "EMOTION  COUNT  SHARE              MEAN CONFIDENCE")
    #expect(text[3] == "joy          2   40 %  ██████████             0.70")
    #expect(text[6] == "fear         0    0 %                            –")
    #expect(text[9] == "Rachel       2   40 %  joy 100 %" && text[10] == "… 2 more speakers")
    #expect(text[13] == "friday.h5      4   80 %  joy 50 %, anger 25 %, neutral 25 %" && text[14] == "… 1 more bundle")
    #expect(
      text[16...17].joined(separator: " ") == "3 known labels: accuracy 66.7 %, weighted F1 80.0 %, macro F1 40.0 %")
    let all = try printed(width: 60) { try StatisticsPrinter(statistics, $0).print(top: 0) }
    #expect(!all.contains("more") && all.contains("saturday.h5"))
  }

  @Test func jsonAndDelimitedTextHoldTheCounts() throws {
    let statistics = try Statistics(SampleIndex().reader, UtteranceQuery())
    let json = try printed(.json) { try StatisticsPrinter(statistics, $0).print(top: 1) }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["utterances"] as? Int == 5 && object["first_scored"] as? String == "2026-11-22T19:40:00.000Z")
    let speakers = try #require(object["speakers"] as? [[String: Any]])
    #expect(speakers.count == 3 && speakers[1]["emotions"] as? [String: Int] == ["anger": 1, "neutral": 1])
    let rows = lines(try printed(.csv) { try StatisticsPrinter(statistics, $0).print(top: 1) })
    #expect(rows[0] == "group,name,emotion,count,share,mean_confidence" && rows[1] == "all,,joy,2,0.4,0.7")
    #expect(rows.contains("bundle,friday.h5,joy,2,0.5,") && rows.count == 1 + 4 + 4 + 4)
  }
}
