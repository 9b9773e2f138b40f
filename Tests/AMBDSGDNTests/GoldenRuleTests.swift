import GoldenData
import Testing

@testable import AMBDSGDN

/// The generation rule against the manifest's own checks: without these, parity would prove nothing.
@Suite struct GoldenRuleTests {
  @Test func streamsAndOutputsMatchTheManifest() {
    #expect(GoldenRule.stream("") == 0xCBF2_9CE4_8422_2325)
    #expect(GoldenRule.stream("a") == 0xAF63_DC4C_8601_EC8C)
    let stream = GoldenRule.stream("tiny/w/textf_input.weight")
    #expect(stream == 0xE45A_CE20_1E50_57A4)
    #expect(GoldenRule.output(stream, 0) == 0xA83D_50C2_9080_4945)
    #expect(GoldenRule.normal("tiny/x/text/4", count: 2) == [0.9520263671875, -0.836700439453125])
    #expect(GoldenRule.integers("tiny/lab/4", count: 10, below: 3) == [1, 2, 2, 2, 2, 2, 1, 0, 1, 1])
  }

  @Test(arguments: GoldenModel.names) func generatedTensorsMatchTheCheckValues(name: String) throws {
    let manifest = try Manifest.golden()
    let configuration = try #require(manifest.configs[name])
    for (tensor, check) in configuration.check_values {
      let count = check.shape.reduce(1, *)
      var values: [Float]
      if tensor.contains("/x/") {
        values = GoldenRule.normal(tensor, count: count)
      } else {
        let parameter = String(tensor.dropFirst(name.count + 3))
        let rule = try #require(configuration.parameters.first { $0.name == parameter })
        values = GoldenRule.values(tensor, count: count, scale: rule.scale, offset: rule.offset)
        if parameter == "speaker_embeddings.weight" {
          let width = check.shape[1]
          values.replaceSubrange((count - width)..., with: [Float](repeating: 0, count: width))
        }
      }
      #expect(Array(values.prefix(4)) == check.first4, "\(tensor)")
      #expect(values.last == check.last, "\(tensor)")
      #expect(abs(values.reduce(0) { $0 + Double($1) } - check.sum_f64) < 1e-6, "\(tensor)")
    }
  }
}
