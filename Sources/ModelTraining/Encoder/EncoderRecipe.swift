/// How the text encoder is tuned on the training data's words before the network is trained on its vectors.
///
/// Tuned with a linear head on the mean of an utterance's tokens, as the field tunes RoBERTa before it extracts features:
/// Adam, a linear rise over a tenth of the steps and a linear fall to zero, gradients clipped at norm 1.
public struct EncoderRecipe: Sendable, Hashable {
  /// What is tuned.
  public enum Tuning: String, CaseIterable, Sendable {
    /// Nothing: the encoder's vectors are taken as published.
    case none
    /// Low-rank adapters on every linear layer (Hu and others 2021): a hundredth of the weights.
    case adapters
    /// The weights of every Transformer layer; the embedding tables stay.
    case layers
  }

  /// What is tuned.
  public var tuning = Tuning.none
  /// Rank of the adapters.
  public var rank = 16
  /// Adam's rate, before rise and fall; for `layers` a tenth of it, but for the head.
  public var rate = 1e-3
  /// How often every utterance is tuned on.
  public var epochs = 3
  /// Utterances in one step.
  public var batch = 32
  /// Preceding turns that are read before an utterance, each as `Name: words`; only the utterance's own tokens count.
  public var contextTurns = 0

  /// No tuning.
  public init() {}
}
