/// How much of what was said a text encoder must know for labels to mean something.
public enum UnknownWords {
  /// Whether a share of the words' pieces that the encoder does not know is so large that it may not know the language.
  public static func areMany(_ share: Double) -> Bool { share > 0.2 }
}
