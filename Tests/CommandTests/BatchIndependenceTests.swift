import DialogueBundles
import DialogueDomain
import Foundation
import Testing

/// A dialogue's branch logits are the same to the last digit alone and in its bundle, whatever OpenBLAS runs.
@Suite struct BatchIndependenceTests {
  /// Nil lets the library choose; the rest are those of its kernels that the processor can run.
  private static let kernels: [String?] = {
    let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let needs = [("Nehalem", "sse4_2"), ("Sandybridge", "avx"), ("Haswell", "avx2"), ("Zen", "avx2")]
    let wide = [("SkylakeX", "avx512vl"), ("Cooperlake", "avx512_bf16")]
    return [nil] + (needs + wide).filter { flags.contains(" \($0.1) ") || flags.contains(" \($0.1)\n") }.map(\.0)
  }()

  @Test(arguments: kernels, [1, 2]) func aDialogueScoresTheSameAloneAndInItsBundle(kernel: String?, threads: Int) throws
  {
    try expectEqual(
      ["--threads", "\(threads)"], environment: kernel.map { ["OPENBLAS_CORETYPE": $0] } ?? [:])
  }

  @Test(arguments: ReducedPrecision.here, [1, 2]) func soItDoesInEveryPrecision(precision: String, threads: Int) throws
  {
    try expectEqual(["--threads", "\(threads)", "--precision", precision])
  }

  private func expectEqual(_ options: [String], environment: [String: String] = [:]) throws {
    let ambtrain = BuiltProgram("ambtrain")
    func rows(_ files: [URL]) throws -> [Substring] {
      let outcome = try ambtrain(
        ["score", "--model", Shipped.model, "--logits"] + options + files.map(\.path), environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.lines
    }
    let folder = try TestFolder()
    let bundle = try BundleReader().read(Shipped.samples[0]).bundle
    let alone = try bundle.dialogues.indices.map { index in
      let url = folder["\(index).h5"]
      try BundleWriter().write(bundle.dialogue(index), to: url)
      return url
    }
    #expect(bundle.dialogues.count > 5)
    #expect(try rows(alone) == rows([Shipped.samples[0]]))
  }
}

extension FeatureBundle {
  /// One of the dialogues as a bundle of its own.
  fileprivate func dialogue(_ index: Int) -> FeatureBundle {
    let rows = dialogues[index].rows
    var part = self
    part.dialogues = [Dialogue(id: dialogues[index].id, rows: 0..<rows.count)]
    part.utterances = Array(utterances[rows])
    part.features = features.mapValues { table in
      FeatureTable(
        width: table.width,
        values: Array(table.values[rows.lowerBound * table.width..<rows.upperBound * table.width]),
        missing: Array(table.missing[rows]))
    }
    return part
  }
}
