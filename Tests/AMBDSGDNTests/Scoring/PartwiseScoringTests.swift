import AMBDSGDN
import DialogueDomain
import SampleModels
import Testing

/// A bundle's features come part by part, and its labels are those that it has whole.
struct PartwiseScoringTests {
  private struct Broken: Error {}

  private let model = TinyModel.model()

  /// A bundle cut before these dialogues; reading fails where the part of that number would come.
  private func cut(
    _ bundle: FeatureBundle, before cuts: [Int], name: String = "friday.h5", failing: Int? = nil
  ) -> NamedBundle {
    let outline = BundleOutline(bundle)
    let edges = [0] + cuts + [bundle.dialogues.count]
    var next = 0
    return NamedBundle(outline, name: name, digest: "digest") {
      guard next < edges.count - 1 else { return nil }
      if next == failing { throw Broken() }
      defer { next += 1 }
      let dialogues = edges[next]..<edges[next + 1]
      let rows = outline.rows(of: dialogues)
      return outline.part(dialogues, features: bundle.features.mapValues { $0.rows(rows) })
    }
  }

  @Test(arguments: [[], [1], [1, 2, 3, 4, 5], [3]])
  func theLabelsOfPartsAreThoseOfTheWhole(cuts: [Int]) throws {
    // A part without any text, and one row that has nothing at all.
    let bundle = TinyModel.bundle(
      [3, 1, 260, 5, 2, 7], model, missing: [.text: [0, 1, 2, 266], .visual: [266], .audio: [266, 270]])
    let whole = try BundleScorer(model, threads: 2).score(bundle, name: "friday.h5", digest: "digest")
    let parts = try BundleScorer(model, threads: 2).score([cut(bundle, before: cuts)])[0].get()
    #expect(parts.utterances == whole.utterances)
    #expect(parts.modelDigest == whole.modelDigest && parts.digest == "digest")
  }

  @Test func whatIsWrongInALaterPartLeavesNoLabelsAndHarmsNoOther() throws {
    let bundle = TinyModel.bundle([3, 4, 5], model)
    let alone = try BundleScorer(model, threads: 1).score(bundle)
    let results = try BundleScorer(model, threads: 1).score([
      cut(bundle, before: [1]), cut(bundle, before: [1, 2], failing: 2), cut(bundle, before: [2]),
    ])
    #expect(throws: Broken.self) { try results[1].get() }
    for index in [0, 2] { #expect(try results[index].get().utterances == alone.utterances) }
  }

  @Test func everyPartIsSeenOnceAndInOrderBeforeItIsScored() throws {
    let bundle = TinyModel.bundle([3, 4, 5], model)
    var seen: [String] = []
    _ = try BundleScorer(model, threads: 1).score([cut(bundle, before: [1]), cut(bundle, before: [2])]) {
      seen.append("\($0): \($1.firstRow)+\($1.utterances.count)")
    }
    #expect(seen == ["0: 0+3", "0: 3+9", "1: 0+7", "1: 7+5"])
  }

  @Test func partsAreWholeDialoguesOfLimitedSize() {
    func parts(_ lengths: [Int], width: Int) -> [Range<Int>] {
      var first = 0
      let dialogues = lengths.map { length in
        defer { first += length }
        return Dialogue(id: "\(first)", rows: first..<first + length)
      }
      let table = FeatureOutline(width: width, missing: [Bool](repeating: false, count: first))
      let utterances = (0..<first).map { Utterance(id: "\($0)", speaker: "") }
      return BundleOutline(dialogues: dialogues, utterances: utterances, features: [.text: table]).parts
    }
    let most = BundleOutline.rowsPerPart
    #expect(parts([5, 6], width: 3) == [0..<2])
    #expect(parts([most - 1, 1, 1], width: 3) == [0..<2, 2..<3])
    // A dialogue is never cut.
    #expect(parts([1, 2 * most, 1], width: 3) == [0..<2, 2..<3])
    // Wide rows: fewer of them.
    let rows = BundleOutline.bytesPerPart / (4 * 40_000)
    #expect(parts([rows, rows, 1], width: 40_000) == [0..<1, 1..<2, 2..<3])
  }
}
