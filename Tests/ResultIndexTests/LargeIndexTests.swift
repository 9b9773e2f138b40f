import Foundation
import Testing

@testable import ResultIndex

/// Makes a large index to measure `ambq` on, when asked to:
/// `AMBQ_SYNTHETIC_INDEX=/tmp/large.sqlite swift test --filter LargeIndexTests`.
struct LargeIndexTests {
  private static var target: String? { ProcessInfo.processInfo.environment["AMBQ_SYNTHETIC_INDEX"] }

  @Test(.enabled(if: target != nil, "only where AMBQ_SYNTHETIC_INDEX is set"))
  func makesAnIndexOfAHundredThousandUtterances() throws {
    let path = try #require(Self.target)
    let count = ProcessInfo.processInfo.environment["AMBQ_SYNTHETIC_UTTERANCES"].flatMap(Int.init) ?? 100_000
    let writer = try IndexWriter(URL(fileURLWithPath: path))
    var source = SyntheticBundles(seed: 1)
    var clock = Date(timeIntervalSince1970: 1_790_000_000)
    var (written, number) = (0, 0)
    while written < count {
      let name = "night-\(number).h5"
      let bundle = source.bundle(name, digest: SyntheticBundles.digest(name), dialogues: 10, turns: 10...30)
      _ = try writer.record(bundle, SyntheticBundles.scoring(at: clock, name: name))
      written += bundle.utterances.count
      number += 1
      clock += 60
    }
    try writer.close()
  }
}
