import Testing

@testable import Presentation

struct TableTests {
  private let columns = [
    Table.Column("NAME", shrinksTo: 4), Table.Column("COUNT", .right), Table.Column("NOTE", shrinksTo: 5, droppable: 1),
    Table.Column("SIDE", droppable: 2),
  ]
  private let rows: [[Table.Cell]] = [
    ["Rachel", "12", "a remark that is longer than the others", "x"], ["田中", "3", "", "y"],
  ]

  private func draw(width: Int) -> [String] {
    let table = Table(columns, sample: rows, width: width, isColoured: false)
    return [table.header] + rows.map { table.line($0) }
  }

  @Test func columnsTakeTheirNaturalWidthWhereThereIsRoom() {
    #expect(
      draw(width: 80) == [
        "NAME    COUNT  NOTE                                     SIDE",
        "Rachel     12  a remark that is longer than the others  x",
        "田中        3                                           y",
      ])
  }

  @Test func longTextsGiveWayFirst() {
    #expect(
      draw(width: 50) == [
        "NAME    COUNT  NOTE                           SIDE", "Rachel     12  a remark that is longer than…  x",
        "田中        3                                 y",
      ])
  }

  @Test func thenColumnsGo() {
    #expect(draw(width: 30) == ["NAME    COUNT", "Rachel     12", "田中        3"])
    #expect(draw(width: 40)[0] == "NAME    COUNT  NOTE")
    #expect(draw(width: 12) == ["NAME   COUNT", "Rach…     12", "田中       3"])
  }

  @Test func columnsOfOnePriorityGoTogether() {
    let columns = [
      Table.Column("A"), Table.Column("B", droppable: 1), Table.Column("C", droppable: 1),
      Table.Column("D", droppable: 2),
    ]
    let layout = TableLayout(columns, natural: [4, 4, 4, 4])
    #expect(layout.widths(within: 22) == [4, 4, 4, 4])
    #expect(layout.widths(within: 21) == [4, 4, 4, nil])
    #expect(layout.widths(within: 15) == [4, nil, nil, nil])
  }

  @Test(arguments: 12...90)
  func noLineIsWiderThanTheTerminal(_ width: Int) {
    #expect(draw(width: width).allSatisfy { TextWidth.columns(of: $0) <= width })
  }

  @Test func laterRowsAreCutToTheSample() {
    let table = Table(
      [Table.Column("NAME", shrinksTo: 4), Table.Column("N")], sample: [["Ross", "1"]], width: 80, isColoured: false)
    #expect(table.line(["Chandler", "2"]) == "Cha…  2")
    let roomy = Table(
      [Table.Column("NAME", shrinksTo: 4), Table.Column("N")], sample: [["Ross", "1"]], width: 80, isColoured: false,
      slack: 4)
    #expect(roomy.line(["Chandler", "2"]) == "Chandler  2")
  }

  @Test func stylesTakeNoRoom() {
    let columns = [Table.Column("A"), Table.Column("B")]
    let row: [Table.Cell] = [Table.Cell("x", Style(.red)) + Table.Cell("y"), "z"]
    let plain = Table(columns, sample: [row], width: 80, isColoured: false)
    let coloured = Table(columns, sample: [row], width: 80, isColoured: true)
    #expect(plain.line(row) == "xy  z")
    #expect(coloured.line(row) == "\u{1B}[31mx\u{1B}[0my  z")
  }

  @Test func aCutFallsWithinThePieces() {
    let cell = Table.Cell("abc") + Table.Cell("defgh") + Table.Cell("ij")
    #expect(cell.cut(to: 6).columns == 6)
    let table = Table([Table.Column("X")], sample: [["123456"]], width: 80, isColoured: false)
    #expect(table.line([cell]) == "abcde…")
  }
}
