import Testing

@testable import Transcripts

struct TimeCodeTests {
  @Test(arguments: [
    ("00:20:57,256", 1257.256), ("1:02.5", 62.5), ("100:00:00.001", 360_000.001), ("59", 59), ("75:00.000", 4500),
    (" 00:01 ", 1), ("0:03:11", 191),
  ])
  func clockTimes(_ text: String, _ seconds: Double) {
    #expect(TimeCode.clock(text) == seconds)
  }

  @Test(arguments: [
    "", "1:60", "1:2:60", "1:2:3:4", "a", "1.", ".5", "1:.5", "-1:00", "1:2.3.4", "9999999999:00", ":30",
  ])
  func noTimes(_ text: String) {
    #expect(TimeCode.clock(text) == nil)
  }

  @Test(arguments: [("12.5", 12.5), ("12,5", 12.5), ("1.300s", 1.3), ("-0.2", -0.2), ("00:01:00", 60), ("5", 5)])
  func seconds(_ text: String, _ seconds: Double) {
    #expect(TimeCode.seconds(text) == seconds)
  }

  @Test(arguments: ["inf", "nan", "soon", "", "1e999"])
  func noSeconds(_ text: String) {
    #expect(TimeCode.seconds(text) == nil)
  }
}
