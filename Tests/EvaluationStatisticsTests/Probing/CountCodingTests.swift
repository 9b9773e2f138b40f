import Testing

@testable import EvaluationStatistics

@Suite struct CountCodingTests {
  @Test func numbersSumsAndTextComeBackAsTheyWere() throws {
    let numbers = [0, 0, 0, 1, -1, 63, 64, -65, 0, 300, .max, .min, 0]
    var writer = CountWriter()
    writer.append(numbers)
    writer.append("Zoë 対話")
    writer.append("")
    writer.append(ExactSum(units: -5))
    writer.appendDifferences([7, 7, 7, 9, 2])
    var reader = CountReader(writer.finished())
    for number in numbers { #expect(try reader.next() == number) }
    #expect(try reader.text() == "Zoë 対話")
    #expect(try reader.text() == "")
    #expect(try reader.sum() == ExactSum(units: -5))
    #expect(try reader.differences(5) == [7, 7, 7, 9, 2])
    #expect(reader.isAtEnd)
  }

  @Test func aRunOfZerosTakesTwoBytes() {
    var writer = CountWriter()
    writer.append([Int](repeating: 0, count: 100))
    #expect(writer.finished() == [0, 100])
  }

  @Test func bytesThatEndTooSoonAreRefused() {
    var writer = CountWriter()
    writer.append([1, 500])
    let bytes = writer.finished()
    var reader = CountReader(Array(bytes.dropLast()))
    #expect(throws: ProbeStatisticsError.damaged(byte: 2, found: "the end of the bytes")) { try reader.skip(2) }
    var text = CountReader([20, 65])
    #expect(throws: ProbeStatisticsError.damaged(byte: 1, found: "text of 10 bytes")) { try text.text() }
    var run = CountReader([0, 0])
    #expect(throws: ProbeStatisticsError.damaged(byte: 2, found: "a run of 0 zeros")) { try run.next() }
  }

  @Test func negativeCountsAreRefused() {
    var writer = CountWriter()
    writer.append(-3)
    var reader = CountReader(writer.finished())
    #expect(throws: ProbeStatisticsError.damaged(byte: 1, found: "a count of -3")) { try reader.count() }
  }

  @Test func countsAreAddedToWhatIsThereAndRunsMayGoOnInTheNext() throws {
    var writer = CountWriter()
    writer.append([3, 0, 0, 0, 5, 0, 0])
    writer.appendDifferences([4, 4, 4, 0, 0, 9])
    writer.append([1, 2])
    var reader = CountReader(writer.finished())
    var sums = [10, 20, 30]
    try reader.add(to: &sums)
    #expect(sums == [13, 20, 30])
    try reader.skip(2)
    #expect(try reader.counts(2) == [0, 0])
    sums = [1, 1, 1, 1, 1, 1]
    try reader.addDifferences(to: &sums)
    #expect(sums == [5, 5, 5, 1, 1, 10])
    #expect(try reader.counts(2) == [1, 2] && reader.isAtEnd)
  }

  @Test func countsThatAreNoneAreRefusedAsTheyAreAdded() {
    var writer = CountWriter()
    writer.append([2, -3])
    var (sums, reader) = ([0, 0], CountReader(writer.finished()))
    #expect(throws: ProbeStatisticsError.damaged(byte: 2, found: "a count of -3")) { try reader.add(to: &sums) }
    reader = CountReader(writer.finished())
    #expect(throws: ProbeStatisticsError.damaged(byte: 2, found: "a negative count")) {
      try reader.addDifferences(to: &sums)
    }
  }
}
