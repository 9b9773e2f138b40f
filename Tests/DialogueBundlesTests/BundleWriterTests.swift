import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import DialogueBundles

/// What is written comes back.
struct BundleWriterTests {
  private var bundle: FeatureBundle {
    let count = 700
    func table(_ width: Int, scale: Float) -> FeatureTable {
      var values = (0..<(count * width)).map { scale * Float(sin(Double($0) * 0.7)) }
      var missing = [Bool](repeating: false, count: count)
      for row in [3, 4, 699] {
        missing[row] = true
        values.replaceSubrange((row * width)..<((row + 1) * width), with: repeatElement(0, count: width))
      }
      return FeatureTable(width: width, values: values, missing: missing)
    }
    let utterances = (0..<count).map { row -> Utterance in
      let start: Double? = row % 7 == 0 ? nil : Double(row) / 3
      let label: Int? = row % 4 == 3 ? nil : row % 4
      return Utterance(
        id: "u\(row)", speaker: "speaker \(row % 5)", start: start, end: start.map { $0 + 0.1 }, label: label)
    }
    return FeatureBundle(
      dataset: "tests", extractors: [.text: "t/30", .audio: "a/7"], emotions: EmotionSet(["neutral", "Freude", "怒り"]),
      dialogues: [Dialogue(id: "first", rows: 0..<1), Dialogue(id: "zweite Szene", rows: 1..<700)],
      utterances: utterances,
      features: [
        .text: table(30, scale: 0.05), .visual: table(1, scale: 1e30),
        .audio: table(7, scale: 4096 * .leastNonzeroMagnitude),
      ])
  }

  private func expectEqual(_ left: FeatureBundle, _ right: FeatureBundle) {
    #expect(left.dataset == right.dataset)
    #expect(left.extractors == right.extractors)
    #expect(left.emotions == right.emotions)
    #expect(left.dialogues == right.dialogues)
    #expect(left.utterances == right.utterances)
    #expect(left.features == right.features)
  }

  @Test(arguments: [0, 4])
  func roundTripIsExact(_ compression: Int) throws {
    let folder = try TemporaryFolder()
    try BundleWriter(compression: compression).write(bundle, to: folder["friday.h5"])
    expectEqual(try BundleReader().read(folder["friday.h5"]).bundle, bundle)
  }

  @Test func equalContentIsWrittenInEqualBytes() throws {
    let writer = BundleWriter()
    #expect(try writer.content(of: bundle) == writer.content(of: bundle))
  }

  @Test func onlyTheFinishedFileAppears() throws {
    let folder = try TemporaryFolder()
    try BundleWriter().write(bundle, to: folder["friday.h5"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["friday.h5"])
  }

  @Test func halfPrecisionRoundsToNearest() throws {
    let folder = try TemporaryFolder()
    var bundle = bundle
    bundle.features[.visual] = nil
    try BundleWriter(precision: [.text: .half]).write(bundle, to: folder["friday.h5"])
    let read = try BundleReader().read(folder["friday.h5"]).bundle
    #expect(read.features[.text]?.values == bundle.features[.text]?.values.map { Float(Float16($0)) })
    #expect(read.features[.text]?.missing == bundle.features[.text]?.missing)
    #expect(read.features[.audio] == bundle.features[.audio])
  }

  @Test func halfPrecisionRefusesWhatItCannotHold() throws {
    let folder = try TemporaryFolder()
    var bundle = bundle
    bundle.features = [
      .visual: FeatureTable(
        width: 1, values: [Float](repeating: 70_000, count: 700), missing: [Bool](repeating: false, count: 700))
    ]
    let error = try #require(throws: BundleError.self) {
      try BundleWriter(precision: [.visual: .half]).write(bundle, to: folder["friday.h5"])
    }
    #expect(
      error.description == "friday.h5: /visual row 0 column 0: a feature is too large for 16 bits; found 70000.0; "
        + "expected a magnitude of at most 65504. Write this modality in single precision.")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func whatTheReaderWouldRefuseIsNotWritten() throws {
    let folder = try TemporaryFolder()
    var unnamed = bundle
    unnamed.utterances[2].speaker = "a\tb"
    var uncovered = bundle
    uncovered.dialogues.removeLast()
    var gap = bundle
    gap.dialogues[1].rows = 2..<700
    for (spoilt, fault) in [
      (unnamed, BundleError.Fault.controlCharacter), (uncovered, .offsetsNotCovering), (gap, .offsetsNotMonotone),
    ] {
      let error = try #require(throws: BundleError.self) { try BundleWriter().write(spoilt, to: folder["friday.h5"]) }
      #expect(error.fault == fault)
      #expect(error.description.hasPrefix("friday.h5: "))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func manyThreadsReadAndWriteAtOnce() async throws {
    let folder = try TemporaryFolder()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<16 {
        let file = folder["\(index).h5"]
        group.addTask {
          let count = index + 1
          let values = [Float](repeating: Float(index), count: count)
          let bundle = FeatureBundle(
            dialogues: [Dialogue(id: "d\(index)", rows: 0..<count)],
            utterances: (0..<count).map { Utterance(id: "\($0)", speaker: "Ada") },
            features: [.audio: FeatureTable(width: 1, values: values, missing: [Bool](repeating: false, count: count))])
          try BundleWriter().write(bundle, to: file)
          let read = try BundleReader().read(file).bundle
          return read.dialogues == bundle.dialogues && read.features == bundle.features
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}
