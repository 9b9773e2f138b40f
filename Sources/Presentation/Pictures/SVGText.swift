/// Text inside SVG and HTML.
public enum SVGText {
  /// The text with the characters that markup is made of written as entities.
  public static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// A picture as a file of its own: with a ground and an ink that follow the reader's choice of light or dark.
  public static func standalone(_ svg: String) -> String {
    guard let end = svg.firstIndex(of: ">") else { return svg }
    let style = "\n<style>:root { color-scheme: light dark; color: CanvasText; background: Canvas; }</style>"
    return svg[...end] + style + svg[svg.index(after: end)...]
  }
}
