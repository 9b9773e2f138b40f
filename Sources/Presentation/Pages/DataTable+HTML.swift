extension DataTable {
  /// From so many characters on a cell of words stands on lines of its own in a card.
  private static let longText = 28

  /// The table in HTML, in a box that scrolls where it is wide and that the keyboard reaches; on a telephone each row of
  /// more than two columns is a card.
  ///
  /// - Parameter label: what the table is called for those who hear the page, where it has no caption.
  public func html(label: String = "") -> String {
    let name = caption.isEmpty ? label : caption
    let isCards = header.count > 2
    let long = Set(
      wordColumns.filter { column in
        column > 0 && rows.contains { column < $0.count && $0[column].count > Self.longText }
      })
    func classes(_ column: Int) -> String {
      let names = (wordColumns.contains(column) ? [] : ["number"]) + (long.contains(column) ? ["long"] : [])
      return names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
    }
    let head = header.enumerated().map { column, cell in
      "<th scope=\"col\" role=\"columnheader\"\(classes(column))>\(MarkupText.words(cell))</th>"
    }
    let body = rows.enumerated().map { place, row in
      let cells = row.enumerated().map { column, cell in
        let text = MarkupText.words(cell)
        let direction = Bidirectional.isMixed(cell) ? " dir=\"auto\"" : ""
        if column == 0 { return "<th scope=\"row\" role=\"rowheader\"\(classes(column))\(direction)>\(text)</th>" }
        let title = column < header.count ? header[column] : ""
        let hint = isCards && !title.isEmpty ? " data-label=\"\(MarkupText.escaped(title))\"" : ""
        return "<td role=\"cell\"\(classes(column))\(hint)\(direction)>\(text)</td>"
      }
      return "<tr role=\"row\"\(minorRows.contains(place) ? " class=\"minor\"" : "")>\(cells.joined())</tr>"
    }
    return """
      <div class="table" tabindex="0" role="region" aria-label="\(MarkupText.escaped(name.isEmpty ? "Table" : name))">\
      <table role="table"\(isCards ? " class=\"cards\"" : "")>
      \(caption.isEmpty ? "" : "<caption>\(MarkupText.words(caption))</caption>\n")\
      <thead role="rowgroup"><tr role="row">\(head.joined())</tr></thead>
      <tbody role="rowgroup">
      \(body.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }
}

/// Pictures in HTML.
public enum PictureText {
  /// Pictures side by side, one below the other where there is no room.
  public static func html(_ pictures: [String]) -> String {
    "<div class=\"pictures\">\n\(pictures.map { "<figure>\n\($0)</figure>" }.joined(separator: "\n"))\n</div>"
  }
}
