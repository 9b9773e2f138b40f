import ModelTraining
import Testing

@Suite struct SeedSelectionTests {
  @Test(arguments: ["7-9", "7..9", "7...9", "7…9"]) func aRangeIsWrittenInManyWays(text: String) throws {
    #expect(try #require(SeedSelection(text)).seeds(from: 1) == [7, 8, 9])
  }

  @Test func aCountBeginsAtTheFirstSeed() throws {
    #expect(try #require(SeedSelection("3")).seeds(from: 5) == [5, 6, 7])
  }

  @Test(arguments: ["", "1-", "-", "8-7", "1:3", "1-2-3", "many"]) func otherTextIsNoSelection(text: String) {
    #expect(SeedSelection(text) == nil)
  }

  @Test(arguments: ["0", "-3", "1001", "1-1001", "9223372036854775807-9223372036854775807"])
  func whatCannotBeMeantHasNoSeeds(text: String) throws {
    #expect(try #require(SeedSelection(text)).seeds(from: 1) == nil)
  }

  @Test func seedsBeyondWhatFilesHoldAreNone() {
    #expect(SeedSelection.count(2).seeds(from: UInt64(Int.max) - 1) == nil)
    #expect(SeedSelection.count(1000).seeds(from: 1)?.count == 1000)
  }
}
