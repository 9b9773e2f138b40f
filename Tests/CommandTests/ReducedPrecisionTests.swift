import Foundation
import Testing

/// The precisions that the processor has, fp32 among them.
enum ReducedPrecision {
  static let here: [String] = {
    let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let words = Set(flags.split { $0 == " " || $0 == "\n" })
    return ["fp32"] + [("bf16", "avx512_bf16"), ("int8", "avx512_vnni")].filter { words.contains("\($0.1)") }.map(\.0)
  }()
}

/// A model computed in fewer bits: what its labels are, and what is said of them.
@Suite struct ReducedPrecisionTests {
  private static let ambtrain = BuiltProgram("ambtrain")

  @Test(arguments: ReducedPrecision.here)
  func evaluateTellsTheLabelsThatScoringChanges(precision: String) throws {
    func labels(_ precision: String) throws -> [String: String] {
      let outcome = try Self.ambtrain(
        ["score", "--model", Shipped.model, "--format", "jsonl", "--precision", precision]
          + Shipped.samples.map(\.path))
      return Dictionary(
        uniqueKeysWithValues: try outcome.lines.map { line in
          let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
          return ("\(row["dialogue"] ?? "") \(row["utterance"] ?? "")", "\(row["emotion"] ?? "")")
        })
    }
    let (single, reduced) = try (labels("fp32"), labels(precision))
    let outcome = try Self.ambtrain(
      ["evaluate", "--model", Shipped.model, "--format", "json", "--precision", precision, "--data"]
        + Shipped.samples.map(\.path))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome.errors)")
    guard precision != "fp32" else {
      #expect(json["precision"] == nil)
      return
    }
    let told = try #require(json["precision"] as? [String: Any])
    let changed = try #require(told["changed"] as? [[String: Any]])
    #expect(told["utterances"] as? Int == single.count)
    let names = Set(changed.map { "\($0["dialogue"] ?? "") \($0["utterance"] ?? "")" })
    #expect(names == Set(single.keys.filter { single[$0] != reduced[$0] }))
    let agreement = try #require(told["label_agreement"] as? Double)
    #expect(abs(agreement - (1 - Double(changed.count) / Double(single.count))) < 1e-9)
    // What is promised on MELD's development set; these samples are a part of it.
    #expect(agreement >= 0.99)
    // What changed was nearly a tie.
    #expect(changed.allSatisfy { ($0["lead"] as? Double ?? 1) < 0.05 })
  }

  @Test func aPrecisionThatTheProcessorLacksIsRefusedByTheToolsAndReplacedByTheDaemon() throws {
    for precision in ["bf16", "int8"] where !ReducedPrecision.here.contains(precision) {
      let refused = try Self.ambtrain(
        ["score", "--model", Shipped.model, "--precision", precision, Shipped.samples[0].path])
      #expect(refused.status == 64 && refused.errors.contains("takes a processor with"))
    }
    let unknown = try Self.ambtrain(
      ["score", "--model", Shipped.model, "--precision", "fp16", Shipped.samples[0].path])
    #expect(unknown.status == 64)
  }

  @Test(arguments: ["fp32", "bf16", "int8"])
  func theDaemonRecordsTheModelUnderTheNameOfWhatItComputes(precision: String) throws {
    let folder = try TestFolder()
    let check = try BuiltProgram("ambd")(
      ["--check", "--spool", folder["spool"].path, "--model", Shipped.model, "--set", "scoring.precision=\(precision)"])
    let isHere = ReducedPrecision.here.contains(precision)
    #expect(check.status == 0)
    let model = check.lines.first { $0.hasPrefix("model: ") } ?? ""
    #expect(model.contains("-\(precision) (") == (isHere && precision != "fp32"), "\(model)")
    #expect(check.output.contains("fp32 is computed instead") == !isHere)
  }
}
