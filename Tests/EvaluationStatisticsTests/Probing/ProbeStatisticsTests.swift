import DialogueDomain
import Foundation
import Testing

@testable import EvaluationStatistics

@Suite struct ProbeStatisticsTests {
  @Test func sumsAreThoseOfTheStatisticsRead() throws {
    let all = try (1...3).map { try ProbeStatistics(encoded: SampleStatistics.make($0).encoded()) }
    var sums = ProbeSums()
    try sums.add(encoded: ProbeStatistics.zero.encoded())
    #expect(sums.sums.isEmpty)
    for statistics in all { try sums.add(encoded: statistics.encoded()) }
    let shapes = Set(all.map(\.shape))
    #expect(sums.sums.count == shapes.count)
    for sum in sums.sums { #expect(sum == all.filter { $0.shape == sum.shape }.total()) }
    var headlines = ProbeSums(withCurves: false)
    for statistics in all { try headlines.add(encoded: statistics.encoded()) }
    #expect(headlines.sums.count == sums.sums.count)
    for (headline, sum) in zip(headlines.sums, sums.sums) {
      var rest = sum
      rest.curves = .zero
      #expect(headline == rest && !sum.curves.bundles.isEmpty)
    }
  }

  @Test func twoHalfNightsMakeTheNightToTheByte() throws {
    let bundles = try (1...6).map { try SampleStatistics.make($0) }
    let night = bundles.total()
    let halves = bundles[0..<2].total() + bundles[2...].total()
    let backwards = bundles.reversed().total()
    #expect(night.bundles == 6 && night.utterances == 30)
    #expect(night == halves && night == backwards)
    #expect(try night.encoded() == halves.encoded())
    #expect(try night.encoded() == backwards.encoded())
    #expect(night != bundles.dropLast().total())
  }

  @Test func zeroChangesNothing() throws {
    let sample = try SampleStatistics.make(1)
    #expect(sample + .zero == sample && .zero + sample == sample)
    #expect(ProbeStatistics(shape: try SampleStatistics.shape()) + sample == sample)
  }

  @Test(arguments: [Set(ProbePlan.Probe.allCases), [.noise], [.grid], [.imbalance], [.missing], []])
  func theStoredFormComesBackAsItWas(probes: Set<ProbePlan.Probe>) throws {
    let sample = try SampleStatistics.make(3, probes: probes)
    #expect(try ProbeStatistics(encoded: sample.encoded()) == sample)
    #expect(try ProbeStatistics(encoded: ProbeStatistics.zero.encoded()) == .zero)
    let json = try JSONEncoder().encode([sample])
    #expect(try JSONDecoder().decode([ProbeStatistics].self, from: json) == [sample])
  }

  @Test func statisticsOfVersion1AreReadWithoutWhatTheyDidNotKeep() throws {
    let sample = try SampleStatistics.make(4)
    var writer = CountWriter()
    writer.append(1)
    let encoder = JSONEncoder()
    writer.append(String(decoding: try encoder.encode(#require(sample.shape)), as: UTF8.self))
    writer.append([sample.bundles, sample.dialogues, sample.utterances, sample.unlabelled])
    sample.clean.write(to: &writer)
    sample.noise.write(to: &writer)
    sample.grid.write(to: &writer)
    sample.extremes.write(to: &writer)
    sample.simplex.write(to: &writer)
    sample.subsets.write(to: &writer)
    sample.dropped.write(to: &writer)
    sample.gaps.write(to: &writer)
    sample.certainty.write(to: &writer)
    sample.health.write(to: &writer)
    sample.curves.write(to: &writer)
    let earlier = try ProbeStatistics(encoded: writer.finished())
    var expected = sample
    expected.strengths = []
    #expect(earlier == expected && earlier.logitShares == nil)
    // Added to newer ones, the shares are not known; stored again, they stay so.
    let sum = earlier + sample
    #expect(sum.logitShares == nil && sum.bundles == 2)
    #expect(try ProbeStatistics(encoded: sum.encoded()) == sum)
    #expect(abs((try #require(sample.logitShares)).reduce(0, +) - 1) < 1e-12)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try SampleStatistics.make(2).encoded()
    for length in 0..<bytes.count {
      #expect(throws: ProbeStatisticsError.self, "\(length) bytes of \(bytes.count)") {
        try ProbeStatistics(encoded: bytes.prefix(length))
      }
    }
    #expect(throws: ProbeStatisticsError.self) { try ProbeStatistics(encoded: bytes + [2]) }
  }

  @Test func damagedBytesNeverCrash() throws {
    let bytes = Array(try SampleStatistics.make(2).encoded())
    var refused = 0
    for place in bytes.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[place] = value
        do { _ = try ProbeStatistics(encoded: changed) } catch { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test func anotherVersionIsNamed() {
    #expect(throws: ProbeStatisticsError.version(found: 9)) { try ProbeStatistics(encoded: [18, 0]) }
    #expect(
      ProbeStatisticsError.version(found: 9).description.contains(
        "found version 9; expected version \(ProbeStatistics.version)"))
  }

  @Test func statisticsOfOtherPlansOrModelsDoNotAddUp() throws {
    let sample = try SampleStatistics.make(1)
    #expect(!sample.addsUp(with: try SampleStatistics.make(1, probes: [.noise])))
    #expect(sample.addsUp(with: try SampleStatistics.make(2)) && sample.addsUp(with: .zero))
  }

  @Test func conditionsAreFoundByName() throws {
    let sample = try SampleStatistics.make(4)
    // [patterns all, text, audio][one level][seeds]
    #expect(sample.noise(.only(.text), level: 1, seed: 1) == sample.noise[3])
    #expect(sample.noise(.only(.audio), level: 1) == sample.noise[4] + sample.noise[5])
    #expect(sample.noise(.all, level: 0, seed: 1) == sample.clean)
    #expect(sample.noise(.only(.visual), level: 1) == nil && sample.noise(.all, level: 2) == nil)
    #expect(sample.dropped(rate: 1, seed: 0) == sample.dropped[2])
    #expect(sample.gap(.audio) == sample.gaps[2] + sample.gaps[3])
    #expect(try SampleStatistics.make(4, probes: [.grid]).noise(.all, level: 1) == nil)
  }

  @Test func bandsResampleDialogues() throws {
    let night = try (1...6).map { try SampleStatistics.make($0) }.total()
    let units = night.curves.ordered
    #expect(units.count == 12 && units[0].bundle == "bundle 1" && units[0].dialogue == "a")
    let band = Bootstrap(resamples: 200, seed: 1).band(of: units.map(\.curve)) { (curve: DialogueCurve) -> Double in
      Double(curve.kept.first ?? 0) / Double(max(curve.utterances, 1))
    }
    let found = try #require(band)
    #expect(found.lower < found.value && found.value < found.upper)
  }
}
