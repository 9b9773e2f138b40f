/// What the pages of single dialogues add to every page's stylesheet.
public enum DialogueStyle {
  /// The whole stylesheet: light, dark, on a telephone, on paper.
  public static let text = """
    \(PageStyle.text)
    :root { \(PageColours.light.emotionVariables) }
    @media screen and (prefers-color-scheme: dark) {
      :root { \(PageColours.dark.emotionVariables) }
    }
    \(emotions)
    \(layout)
    \(paper)
    """

  /// Of bars, their outlines, their text, and of the names that stand in the list.
  private static let emotions = PageColours.light.emotions.indices.map { place in
    ".e\(place) { fill: var(--e\(place)); } .o\(place) { stroke: var(--e\(place)); } .i\(place) { fill: var(--i\(place)); } "
      + ".chip.e\(place) { background: var(--e\(place)); border-color: var(--e\(place)); color: var(--i\(place)); } "
      + ".utterances li.e\(place) { border-left-color: var(--e\(place)); } .chip.hollow.e\(place) { background: none; color: var(--ink); }"
  }.joined(separator: "\n")

  private static let layout = """
    .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; margin: 0.5rem 0; }
    .chip { display: inline-block; border: 2px solid var(--line); border-radius: 0.4rem; padding: 0 0.4rem;
      font-weight: 600; }
    .chip.none { border-style: dashed; }
    .lanes a { color: var(--ink); }
    .lanes a:hover rect, .lanes a.self rect { stroke: var(--ink); stroke-width: 2; }
    .lanes a.heard rect { stroke: var(--good); stroke-width: 3; }
    .lanes a.cancelled rect { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 3 2; }
    .arc { fill: none; stroke: var(--good); pointer-events: none; }
    .arc.cancelled { stroke: var(--bad); stroke-dasharray: 3 2; }
    .lane { unicode-bidi: isolate; }
    .utterances { list-style: none; padding: 0; margin: 0.5rem 0; }
    .utterances li { border: 1px solid var(--line); border-left-width: 6px; border-radius: 0.5rem; padding: 0.4rem 0.75rem;
      margin: 0.5rem 0; scroll-margin: 4rem; }
    .utterances p { margin: 0.15rem 0; }
    .utterances .said { font-size: 1.05em; }
    .utterances .more { color: var(--faint); font-size: 0.85em; }
    .utterances li:target, .utterances li.self { border-color: var(--link); background: var(--card); }
    .utterances li.heard { border-color: var(--good); background: var(--card); }
    .utterances li.cancelled { border-color: var(--bad); border-style: dashed; border-left-width: 6px; }
    .time { color: var(--faint); font-variant-numeric: tabular-nums; }
    .unsure { font-weight: 600; }
    .shares { display: flex; height: 0.5rem; max-width: 20rem; border-radius: 0.25rem; overflow: hidden; gap: 1px;
      margin: 0.3rem 0 0.15rem; }
    .shares .text { background: \(PageColours.light.lines[0].text); }
    .shares .visual { background: \(PageColours.light.lines[3].text); }
    .shares .audio { background: \(PageColours.light.lines[1].text); }
    @media screen and (prefers-color-scheme: dark) {
      .shares .text { background: \(PageColours.dark.lines[0].text); }
      .shares .visual { background: \(PageColours.dark.lines[3].text); }
      .shares .audio { background: \(PageColours.dark.lines[1].text); }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    """

  private static let paper = """
    @media print {
      .utterances li { padding: 0.1rem 0.5rem; margin: 0.2rem 0; break-inside: avoid; }
      .utterances p { max-width: none; }
      .lanes figure { width: 90mm; }
    }
    """
}

extension PageColours {
  /// The emotions' colours and the ink on them, as CSS variables.
  var emotionVariables: String {
    emotions.enumerated().map { "--e\($0): \($1.text); --i\($0): \($1.inkOnIt.text);" }.joined(separator: " ")
  }
}
