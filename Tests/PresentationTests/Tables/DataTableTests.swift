import Presentation
import Testing

struct DataTableTests {
  private let table = DataTable(
    "Weights", header: ["weights", "accuracy", "note"], rows: [["50/50", "75.0", "as one"], ["80/20", "5.0", ""]],
    words: [0, 2])

  @Test func textAlignsWordsLeftAndNumbersRight() {
    #expect(
      table.text == """
        weights  accuracy  note
        50/50        75.0  as one
        80/20         5.0

        """)
    #expect(table.lines.count == 3)
  }

  @Test func markdownTellsTheAlignmentInItsRule() {
    #expect(
      table.markdown() == """
        | weights | accuracy | note |
        | --- | ---: | --- |
        | 50/50 | 75.0 | as one |
        | 80/20 | 5.0 |  |

        """)
  }

  @Test func alignedMarkdownReadsOnATerminalToo() {
    #expect(
      table.markdown(isAligned: true) == """
        | weights | accuracy | note   |
        | ------- | -------: | ------ |
        | 50/50   |     75.0 | as one |
        | 80/20   |      5.0 |        |

        """)
    let narrow = DataTable(header: ["a", "b"], rows: [["田", "1"]])
    #expect(narrow.markdown(isAligned: true) == "| a   |   b |\n| --- | --: |\n| 田  |   1 |\n")
  }
}
