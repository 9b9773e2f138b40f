import BundleSpool
import Foundation
import Synchronization
import TestSpools
import Testing

@testable import ScoringDaemon

struct ReadAheadTests {
  private let place: TemporarySpool

  init() throws {
    place = try TemporarySpool()
  }

  private func claimed(_ count: Int) throws -> [ClaimedBundle] {
    try (0..<count).map { try #require(try place.claimed("bundle \($0)", "\($0).h5")) }
  }

  @Test func bundlesComeOutInTheOrderOfTheirClaims() throws {
    let ahead = ReadAhead(readers: 4)
    // Later ones are read sooner.
    let intake = FakeIntake { url in usleep(url.lastPathComponent == "0.h5" ? 20_000 : 0) }
    let bundles = try claimed(20)
    for bundle in bundles { ahead.begin(bundle, by: intake) }
    var names: [String] = []
    while ahead.count > 0 { names += ahead.take(limit: 3, rows: 1000).map(\.claimed.name.text) }
    #expect(names == bundles.map(\.name.text))
  }

  @Test func aGroupEndsAtItsLimitOfBundlesOrUtterances() throws {
    let ahead = ReadAhead(readers: 1)
    for bundle in try claimed(6) { ahead.begin(bundle, by: FakeIntake()) }
    while ahead.readCount < 6 { usleep(1000) }
    #expect(ahead.take(limit: 2, rows: 1000).count == 2)
    // Eight letters, eight utterances each.
    #expect(ahead.take(limit: 10, rows: 9).count == 2)
    #expect(ahead.take(limit: 10, rows: 1).count == 1)
  }

  @Test func aRestartReadsAgainByTheNewSource() throws {
    let ahead = ReadAhead(readers: 2)
    let (old, new) = (FakeIntake(), FakeIntake())
    let bundles = try claimed(5)
    for bundle in bundles { ahead.begin(bundle, by: old) }
    ahead.restart(by: new)
    var taken = 0
    while ahead.count > 0 { taken += ahead.take(limit: 10, rows: 1000).count }
    #expect(taken == 5 && new.read.count == 5)
  }

  @Test func theEndGivesBackWhatWasNotTaken() throws {
    let ahead = ReadAhead(readers: 2)
    let bundles = try claimed(3)
    for bundle in bundles { ahead.begin(bundle, by: FakeIntake()) }
    _ = ahead.take(limit: 1, rows: 1)
    #expect(ahead.end().map(\.name) == bundles.dropFirst().map(\.name))
    #expect(ahead.count == 0 && ahead.first == nil)
  }
}
