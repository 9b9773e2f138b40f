/// Text inside SVG and HTML.
public enum SVGText {
  /// The text with the characters that markup is made of written as entities.
  public static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
