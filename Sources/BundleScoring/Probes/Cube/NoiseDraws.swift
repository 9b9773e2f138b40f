import DialogueDomain
import Tensors

/// The noise ε of one seed and modality for one bundle: standard normal, a function of its place alone.
///
/// Element (row, column) is draw `row · width + column` of a key made of the seed, the modality and the bundle's
/// digest. So it is the same for every noise level, however the bundle is cut and whichever thread asks.
struct NoiseDraws: Sendable {
  private let key: UInt64
  private let width: Int

  init(seed: UInt64, modality: Modality, bundleDigest: String, width: Int) {
    key = CounterBasedRandom.key(
      seed, CounterBasedRandom.key(named: "noise"), CounterBasedRandom.key(named: modality.rawValue),
      CounterBasedRandom.key(named: bundleDigest))
    self.width = width
  }

  /// ε for some rows of the bundle; rows marked as missing get zeros, since noise on what is missing stays missing.
  func rows(_ rows: Range<Int>, missing: [Bool]?) -> Matrix {
    let noise = Matrix(
      rows: rows.count, columns: width,
      CounterBasedRandom.standardNormal(key, first: UInt64(rows.lowerBound * width), count: rows.count * width))
    return missing.map { noise.clearingRows($0) } ?? noise
  }
}
