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
    #expect(try reader.next(numbers.count) == numbers)
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
    #expect(throws: ProbeStatisticsError.damaged(byte: 2, found: "the end of the bytes")) { try reader.next(2) }
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
}
