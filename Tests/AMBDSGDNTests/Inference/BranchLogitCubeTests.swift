import AMBDSGDN
import Testing

@Suite struct BranchLogitCubeTests {
  /// Logits of the first of two classes; the label is class 0 where their sum is zero or more.
  private func table(_ values: Float...) -> [Float] {
    values.flatMap { [$0, 0] }
  }

  @Test func stabilityIsTheShareOfNoisyRunsThatKeepTheLabel() {
    let cube = BranchLogitCube(
      classes: 2, rows: 4, levels: [0, 0.1, 0.2], seeds: 2, modalities: [.text],
      logits: [
        .text: [
          table(1, 1, -1, 1), table(1, -1, -1, 1), table(1, 1, -1, 1), table(1, -1, -1, 1), table(-1, -1, -1, 1),
        ]
      ], missing: [.text: [false, false, false, true]])
    #expect(cube.stability == [0.75, 0.25, 1, nil])
  }

  @Test func withoutNoiseThereIsNoStability() {
    let cube = BranchLogitCube(
      classes: 2, rows: 1, levels: [0], seeds: 1, modalities: [.text], logits: [.text: [table(1)]])
    #expect(cube.stability == [nil])
  }
}
