/// The numbers that a trained network's linear layers multiply; everything else is computed in single precision.
///
/// In each precision an utterance's result does not depend on the batch or the threads, to the last bit.
public enum Precision: String, CaseIterable, Sendable {
  /// 32 bits: as the network was trained.
  case single = "fp32"
  /// Factors of 16 bits, of which eight hold the digits; sums of 32.
  case bfloat16 = "bf16"
  /// Factors of 8 bits: weights with a scale for each output, inputs with a scale and a zero for each row; exact sums.
  case int8
}
