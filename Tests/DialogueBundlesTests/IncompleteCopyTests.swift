import CHDF5
import DialogueDomain
import Foundation
import OperatingSystem
import TestFolders
import Testing

@testable import DialogueBundles

/// Copies with their full length and zeros for a tail, which HDF5 opens cleanly; and real zeros, which are no fault.
struct IncompleteCopyTests {
  /// Text and audio in plain data at the end of the file, without a zero in them.
  private let rows = 64
  private var fixture: BundleFixture {
    var fixture = BundleFixture()
    fixture.columns["/dialogue/offset"] = .integers([0, 30, Int64(rows)], [3])
    fixture.columns["/speaker"] = .fixed((0..<rows).map { "s\($0 % 3)" })
    fixture.columns["/label"] = nil
    fixture.columns["/text"] = .floats((1...(rows * 100)).map { 1 / Float($0) }, [rows, 100])
    fixture.columns["/audio"] = .floats((1...(rows * 50)).map { 2 / Float($0) }, [rows, 50])
    return fixture
  }

  private func cut(_ content: Data, at length: Int) -> Data {
    content.prefix(length) + Data(count: content.count - length)
  }

  @Test func copyCutInTextWithNothingAfterIt() throws {
    var fixture = fixture
    fixture.columns["/audio"] = nil
    let content = try fixture.content()
    let error = try refusal(cut(content, at: content.count - 100 * 4 * 10))
    #expect(error.fault == .incompleteCopy)
    #expect(
      error.description == "friday.h5: /text row 54: this looks like an incomplete copy; "
        + "found only zeros from there on, in the last 10 utterances; expected features. "
        + "Copy it again. If the zeros are meant, put the file's digest beside it as <file>.sha256, "
        + "or write NaN in rows that lack a modality.")
    #expect(!error.isTransient)
  }

  @Test func copyCutInTextSwallowsAllAudio() throws {
    let content = try fixture.content()
    let error = try refusal(cut(content, at: content.count - rows * 50 * 4 - 100 * 4 * 7))
    #expect(error.fault == .incompleteCopy)
    #expect(error.description.contains("this looks like an incomplete copy"))
  }

  @Test func copyCutInAudioAtABlockAndMidRow() throws {
    let content = try fixture.content()
    let edge = (content.count - 5000) / 4096 * 4096
    let error = try refusal(cut(content, at: edge))
    #expect(error.fault == .incompleteCopy)
    #expect(error.explanation.location?.hasPrefix("friday.h5: /audio row ") ?? false)
    #expect(error.explanation.found == "only zero bytes from byte \(edge) to the end, byte \(content.count)")
  }

  @Test func copyCutAnywhereIsNeverReadAsText() throws {
    let content = try fixture.content()
    let folder = try TemporaryFolder()
    // Whatever falls on text or on structure is found; only audio's own last rows may be real zeros.
    for length in stride(from: 16, to: content.count - rows * 50 * 4 - 4, by: 509) {
      let file = try folder.write(cut(content, at: length), to: "friday.h5")
      #expect(throws: BundleError.self, "cut at \(length)") { try BundleReader().read(file) }
    }
  }

  @Test func structureLostToZeros() throws {
    let content = try fixture.content(order: ["/text", "/dialogue/id", "/dialogue/offset", "/speaker"])
    let error = try refusal(cut(content, at: 8000))
    #expect(error.fault == .incompleteCopy)
    #expect(error.explanation.expected == "HDF5 structures")
  }

  @Test(arguments: ["/dialogue/offset", "/speaker", "/dialogue/id"])
  func listLostToZeros(_ path: String) throws {
    let count = 1000
    var fixture = BundleFixture()
    fixture.columns = [
      "/dialogue/id": .fixed((0..<count).map { "dialogue \($0)" }),
      "/dialogue/offset": .integers((0...Int64(count)).map { $0 }, [count + 1]),
      "/speaker": .fixed([String](repeating: "Ada", count: count)),
      "/text": .floats((1...count).map { Float($0) }, [count, 1]),
    ]
    let order = ["/dialogue/id", "/dialogue/offset", "/speaker", "/text"].filter { $0 != path } + [path]
    let content = try fixture.content(order: order)
    let error = try refusal(cut(content, at: content.count - 2000))
    #expect(error.fault == .incompleteCopy)
    #expect(error.explanation.location == "friday.h5: \(path)")
    #expect(error.explanation.expected == "its values")
  }

  @Test func allZeroText() throws {
    var fixture = fixture
    fixture.columns["/text"] = .floats([Float](repeating: 0, count: rows * 4), [rows, 4])
    let error = try fixture.error()
    #expect(error.fault == .incompleteCopy)
    #expect(error.explanation.location == "friday.h5: /text")
    #expect(error.explanation.found == "only zeros")
  }

  @Test func constantZeroAudioIsReal() throws {
    var fixture = fixture
    fixture.columns["/audio"] = .floats([Float](repeating: 0, count: rows * 8), [rows, 8])
    #expect(try fixture.read().features[.audio]?.values.allSatisfy { $0 == 0 } ?? false)
  }

  @Test func lastRowsWithoutAFaceAreReal() throws {
    var fixture = fixture
    fixture.columns["/audio"] = nil
    let visual = (0..<(rows * 8)).map { $0 < 50 * 8 ? Float($0 + 1) : 0 }
    fixture.columns["/visual"] = .floats(visual, [rows, 8])
    #expect(try fixture.read().features[.visual]?.values == visual)
  }

  @Test func oneLastUtteranceOfZerosIsReal() throws {
    var fixture = BundleFixture()
    fixture.columns["/text"] = .floats([1, 2, 3, 4, 0], [5, 1])
    fixture.columns["/audio"] = nil
    #expect(try fixture.read().features[.text]?.values == [1, 2, 3, 4, 0])
  }

  @Test func zerosAreTakenAsMeantWhenADigestVouchesForThem() throws {
    var fixture = fixture
    fixture.columns["/text"] = .floats([Float](repeating: 0, count: rows * 4), [rows, 4])
    let folder = try TemporaryFolder()
    let content = try fixture.content()
    let file = try folder.write(content, to: "friday.h5")
    _ = try folder.write(Data(FileDigest.sha256(content).utf8), to: "friday.h5.sha256")
    #expect(try BundleReader().read(file).bundle.features[.text]?.width == 4)
  }

  @Test func zerosAreTakenAsMeantUnderAChecksum() throws {
    let folder = try TemporaryFolder()
    let bundle = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<3)], utterances: (0..<3).map { Utterance(id: "\($0)", speaker: "Ada") },
      features: [.text: FeatureTable(width: 2, values: [0, 0, 0, 0, 0, 0], missing: [false, false, false])])
    try BundleWriter().write(bundle, to: folder["friday.h5"])
    #expect(try BundleReader().read(folder["friday.h5"]).bundle.features == bundle.features)
  }
}
