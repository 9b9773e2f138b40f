/// How every page looks: one hand draws reports, the index of nights and training curves.
public enum PageStyle {
  /// The stylesheet: light, dark, on a telephone, on paper.
  public static let text = """
    :root { color-scheme: light dark; \(PageColours.light.variables) }
    @media screen and (prefers-color-scheme: dark) {
      :root { \(PageColours.dark.variables) }
      \(PageColours.dark.pictures)
    }
    \(layout)
    \(telephone)
    \(paper)
    """

  private static let layout = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 64rem;
      margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0 0; }
    .date { white-space: nowrap; }
    h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 0.25rem; }
    header p { margin: 0.25rem 0 0; color: var(--faint); }
    p { margin: 0.5rem 0; max-width: 46rem; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    header .verdict { color: var(--ink); border: 2px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem;
      margin: 1rem 0; max-width: none; }
    header .held { border-color: var(--good); }
    .held b { color: var(--good); }
    header .broken { border-color: var(--bad); }
    .broken b { color: var(--bad); }
    nav ol { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 0 0 1rem;
      font-size: 0.9rem; }
    section { border-top: 1px solid var(--line); padding: 1.25rem 0 1rem; }
    .explanation { color: var(--faint); }
    .owner { font-size: 0.9rem; font-weight: 600; margin: 0; }
    .warning { background: var(--note); border-left: 4px solid currentColor; padding: 0.5rem 0.75rem; }
    .items { padding-left: 1.5rem; margin: 0.5rem 0; max-width: 46rem; }
    .items li { margin: 0.4rem 0; }
    .items .title { font-weight: 600; }
    .items .remedy { display: block; }
    .items .urgent .title { color: var(--bad); }
    .analyst > summary { cursor: pointer; border-top: 1px solid var(--line); padding: 1rem 0; font-size: 1.2rem;
      font-weight: 600; }
    .table { overflow-x: auto; margin: 0.75rem 0; }
    table { border-collapse: collapse; font-size: 0.9em; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: 0 0 0.25rem; }
    th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    th, td { overflow-wrap: break-word; }
    th { font-weight: 600; }
    tbody th { font-weight: 400; min-width: 7rem; }
    td { min-width: 3.5rem; }
    td:not(.number) { min-width: 5rem; max-width: 40rem; }
    td.long { width: 60%; overflow-wrap: anywhere; }
    .number { text-align: right; white-space: nowrap; }
    thead .number { white-space: normal; }
    .pictures { display: flex; flex-wrap: wrap; gap: 1rem 2rem; margin: 0.75rem 0; }
    figure { margin: 0; max-width: 100%; }
    svg { max-width: 100%; height: auto; display: block; }
    """

  /// Rows of more than two columns become cards, with each column's name before its value.
  private static let telephone = """
    @media screen and (max-width: 40rem) {
      body { padding: 0.75rem; }
      .table { overflow-x: visible; }
      th, td { overflow-wrap: anywhere; }
      .cards, .cards caption, .cards tbody, .cards tr, .cards th, .cards td { display: block; width: 100%; }
      .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .cards tr { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.4rem 0.75rem;
        margin: 0.5rem 0; }
      .cards th, .cards td { border: 0; padding: 0.1rem 0; min-width: 0; max-width: none; }
      .cards tbody th { font-weight: 600; }
      .cards td { display: flex; gap: 1rem; justify-content: space-between; text-align: right; white-space: normal; }
      .cards td::before { content: attr(data-label); color: var(--faint); text-align: left; max-width: 60%; }
      .cards td:empty { display: none; }
      .cards td.long { display: block; width: 100%; text-align: left; }
      .cards td.long::before { content: attr(data-label) ": "; }
      tbody th { min-width: 0; }
    }
    """

  /// What is for the analyst stands in two columns: a picture as wide as one has no text under 9 pixels there either.
  private static let paper = """
    @media print {
      @page { margin: 12mm; }
      body { font-size: 9pt; line-height: 1.35; max-width: none; padding: 0; }
      nav, .back, .minor { display: none; }
      h1 { font-size: 14pt; }
      h2 { font-size: 11pt; }
      section { padding: 0.6rem 0 0.4rem; }
      header .verdict { margin: 0.5rem 0; padding: 0.4rem 0.75rem; }
      .table { overflow: visible; margin: 0.4rem 0; }
      table { font-size: 8pt; }
      th, td, td:not(.number) { padding: 0.05rem 0.5rem 0.05rem 0; min-width: 0; }
      tbody th { min-width: 18mm; overflow-wrap: anywhere; }
      .analyst > summary { padding: 0.5rem 0; font-size: 11pt; }
      figure, tr, li, .warning, .explanation { break-inside: avoid; }
      h2, .explanation, caption { break-after: avoid; }
      .pictures { gap: 0.4rem 0.75rem; }
      .pictures figure { width: 90mm; }
      .columns { columns: 2; column-gap: 5mm; font-size: 7pt; line-height: 1.25; }
      .columns table { font-size: 6.2pt; }
      .columns h2 { font-size: 8.5pt; }
      .columns section { padding: 0.3rem 0 0.2rem; }
      .columns p { max-width: none; margin: 0.2rem 0; }
      .columns .warning { padding: 0.1rem 0.4rem; }
      .columns th, .columns td, .columns td:not(.number) { padding-right: 0.25rem; }
      .columns tbody th { min-width: 0; }
      .columns .number { white-space: normal; }
      .columns .pictures figure { width: 100%; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
