import Foundation
import Testing

@Suite struct AmbtrainTests {
  private let ambtrain = BuiltProgram("ambtrain")

  @Test(arguments: [("iemocap", "13,133,234"), ("meld", "12,481,973")])
  func describeGivesThePublishedParameterCounts(preset: String, count: String) throws {
    let outcome = try ambtrain("describe", "--preset", preset)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("parameters  \(count) in 325 tensors"))
    #expect(outcome.output.contains("gatTer.out_att.W  [1024, 512]"))
  }

  @Test func checkSaysWhatASampleHolds() throws {
    let outcome = try ambtrain("check", Shipped.samples[0].path, "--model", Shipped.model)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("text        384 columns, extractor all-MiniLM-L6-v2/384"))
    #expect(outcome.errors.isEmpty)
  }

  @Test func checkGoesOnAfterABadFileAndSaysSo() throws {
    let folder = try TestFolder()
    try Data("not a bundle".utf8).write(to: folder["bad.h5"])
    let outcome = try ambtrain("check", folder["bad.h5"].path, Shipped.samples[0].path)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("bad.h5: this is not an HDF5 file"))
    #expect(outcome.output.contains("monday.h5: sound"))
    #expect(try ambtrain("check", folder["absent.h5"].path).status == 66)
  }

  @Test func scorePrintsARowForEveryUtterance() throws {
    let table = try ambtrain("score", "--model", Shipped.model, Shipped.samples[0].path)
    #expect(table.status == 0)
    #expect(table.lines.first?.hasPrefix("dialogue\tutterance\tspeaker\tstart\tend\temotion\tconfidence") == true)
    let rows = try ambtrain("score", "--model", Shipped.model, "--logits", Shipped.samples[0].path).lines
    #expect(rows.count == table.lines.count - 1)
    for row in rows {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
      let logits = try #require(object["logits"] as? [Double])
      let branches = try #require(object["branch_logits"] as? [String: [Double]])
      let probabilities = try #require(object["probabilities"] as? [String: Double])
      #expect(Set(branches.keys) == ["text", "audio"])
      #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-5)
      for (index, logit) in logits.enumerated() {
        #expect(abs(branches.values.reduce(0) { $0 + $1[index] } - logit) < 1e-5)
      }
      let confidence = try #require(object["confidence"] as? Double)
      #expect(confidence == probabilities.values.max())
    }
  }

  @Test func scoreRefusesABrokenModelBeforeReadingAnything() throws {
    let folder = try TestFolder()
    let outcome = try ambtrain("score", "--model", folder.url.path, Shipped.samples[0].path)
    #expect(outcome.status == 66)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("no config.json in the model directory"))
  }

  @Test func usageErrorsExitWith64() throws {
    #expect(try ambtrain("describe").status == 64)
    #expect(try ambtrain("score", Shipped.samples[0].path).status == 64)
    #expect(try ambtrain("score", "--model", Shipped.model, "--logits", "--format", "tsv", "x.h5").status == 64)
  }
}
