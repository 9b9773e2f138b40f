import Presentation
import Testing

struct DataTableHTMLTests {
  private let table = DataTable(
    "Who <felt> what", header: ["speaker", "utterances", "most of all"],
    rows: [["Ann & Bob", "12", "joy in a sentence of many, many words"], ["Eve", "3", ""]], words: [0, 2])

  @Test func rowsOfManyColumnsAreCardsWithLabels() {
    let html = table.html()
    #expect(html.contains("class=\"cards\""))
    #expect(html.contains("<td role=\"cell\" class=\"number\" data-label=\"utterances\">12</td>"))
    #expect(html.contains("class=\"long\" data-label=\"most of all\">joy in"))
    let narrow = DataTable(header: ["what", "how many"], rows: [["bundles", "3"]]).html()
    #expect(!narrow.contains("cards") && !narrow.contains("data-label"))
  }

  @Test func theBoxIsReachedByTheKeyboardAndHasAName() {
    #expect(table.html().contains("tabindex=\"0\" role=\"region\" aria-label=\"Who &lt;felt&gt; what\""))
    #expect(DataTable(header: ["a"], rows: []).html(label: "Noise").contains("aria-label=\"Noise\""))
    #expect(DataTable(header: ["a"], rows: []).html().contains("aria-label=\"Table\""))
  }

  @Test func cardsStayATableForThoseWhoHearIt() {
    let html = table.html()
    // Styles that lay out rows as blocks would take their meaning away.
    for role in ["table", "row", "rowheader", "columnheader", "cell", "rowgroup"] {
      #expect(html.contains("role=\"\(role)\""))
    }
    #expect(html.contains("<th scope=\"row\" role=\"rowheader\">Ann &amp; Bob</th>"))
  }

  @Test func minorRowsAreMarkedAndPaperLeavesThemOut() {
    var marked = table
    marked.minorRows = [1]
    #expect(marked.html().components(separatedBy: "class=\"minor\"").count == 2)
    #expect(PageStyle.text.contains("nav, .back, .minor { display: none; }"))
  }

  @Test func theTelephonesStylesheetNamesEachValue() {
    #expect(PageStyle.text.contains("content: attr(data-label)"))
    #expect(PageStyle.text.contains("@media screen and (max-width: 40rem)"))
  }
}
