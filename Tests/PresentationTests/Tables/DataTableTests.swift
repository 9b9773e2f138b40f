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

  @Test func whatIsTooWideGoesOnBelow() {
    let wide = DataTable(
      header: ["file", "how many of them", "why"],
      rows: [["田中のとても長い名前.h5", "7", "it is too long for one line"], ["short.h5", "12", ""]], words: [0, 2])
    #expect(wide.lines(within: 200) == wide.lines)
    for width in [30, 40, 50, 60] {
      let lines = wide.lines(within: width)
      #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= width && !$0.hasSuffix(" ") }, "\(lines)")
      let letters = lines.joined().filter { $0 != " " }
      #expect(letters.count == ([wide.header] + wide.rows).joined().joined().filter { $0 != " " }.count)
    }
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
