/// How the labels of a bundle are laid out in the `labels` folder.
public enum LabelLayout: String, CaseIterable, Codable, Sendable {
  /// One tab-separated table per bundle, `<bundle>.tsv`.
  case tsv
  /// One JSON object per line and utterance, `<bundle>.jsonl`.
  case jsonl
  /// One JSON file per utterance, `<bundle>/<dialogue>/<utterance>.json`.
  case utterance
}
