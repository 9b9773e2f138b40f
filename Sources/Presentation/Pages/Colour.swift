import Foundation

/// A colour of the screen, and how well it stands out from another.
public struct Colour: Sendable, Hashable {
  private let red: Double
  private let green: Double
  private let blue: Double

  /// - Parameter hex: `0x1f5a9e`.
  init(_ hex: UInt32) {
    (red, green, blue) = (Double(hex >> 16 & 255), Double(hex >> 8 & 255), Double(hex & 255))
  }

  private init(red: Double, green: Double, blue: Double) {
    (self.red, self.green, self.blue) = (red.rounded(), green.rounded(), blue.rounded())
  }

  /// As CSS and SVG have it: `#1f5a9e`.
  public var text: String { String(format: "#%02x%02x%02x", Int(red), Int(green), Int(blue)) }

  /// This colour laid over another, so thick that a share of it shows.
  func over(_ ground: Colour, share: Double) -> Colour {
    func mixed(_ own: Double, _ other: Double) -> Double { share * own + (1 - share) * other }
    return Colour(
      red: mixed(red, ground.red), green: mixed(green, ground.green), blue: mixed(blue, ground.blue))
  }

  /// Relative luminance as WCAG 2 defines it, 0 to 1.
  private var luminance: Double {
    func linear(_ value: Double) -> Double {
      let share = value / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Contrast as WCAG 2 defines it, (lighter + 0.05) / (darker + 0.05): 1 to 21; text needs 4.5.
  public func contrast(with other: Colour) -> Double {
    let (lighter, darker) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)
  }

  static let black = Colour(0x000000)
  static let white = Colour(0xffffff)

  /// Black or white, whichever is easier to read on this.
  var inkOnIt: Colour { contrast(with: .black) >= contrast(with: .white) ? .black : .white }
}

/// Every colour of the pages and pictures, for a light or a dark screen: all are drawn from these.
public struct PageColours: Sendable {
  let page: Colour
  let ink: Colour
  let faint: Colour
  let line: Colour
  let good: Colour
  let bad: Colour
  let link: Colour
  let note: Colour
  let card: Colour
  /// Of lines and their bands, in the order of a chart's lines.
  let lines: [Colour]
  /// Of the bars within a group.
  let bars: [Colour]
  /// From none to all of what a map of shades shows.
  let shades: [Colour]

  /// Of emotions, as `EmotionColours` gives them out; the first is for what is not felt.
  let emotions: [Colour]

  /// How many shades tell a map's values apart.
  static let shadeCount = 11

  private init(
    page: UInt32, ink: UInt32, faint: UInt32, line: UInt32, good: UInt32, bad: UInt32, link: UInt32, note: UInt32,
    card: UInt32, lines: [UInt32], shade: UInt32, emotions: [UInt32]
  ) {
    self.page = Colour(page)
    self.ink = Colour(ink)
    self.faint = Colour(faint)
    self.line = Colour(line)
    self.good = Colour(good)
    self.bad = Colour(bad)
    self.link = Colour(link)
    self.note = Colour(note)
    self.card = Colour(card)
    self.lines = lines.map { Colour($0) }
    self.emotions = emotions.map { Colour($0) }
    let (deep, ground) = (Colour(shade), self.page)
    bars = [0.95, 0.6, 0.35, 0.2].map { deep.over(ground, share: $0) }
    shades = (0..<Self.shadeCount).map {
      deep.over(ground, share: 0.05 + 0.95 * Double($0) / Double(Self.shadeCount - 1))
    }
  }

  /// On white.
  public static let light = PageColours(
    page: 0xffffff, ink: 0x1c1e21, faint: 0x5b6168, line: 0xd5d9de, good: 0x1c7a3d, bad: 0xb3261e, link: 0x1f5a9e,
    note: 0xfff6e0, card: 0xf4f6f8, lines: [0x2a66a8, 0xb54a20, 0x2f7a42, 0x7a4aa0], shade: 0x1f5a9e,
    emotions: [0x767e87, 0xb3261e, 0xc2571a, 0xa87a00, 0xc2478a, 0x2a66a8, 0x7a4aa0, 0x4f7a1f, 0x0f8080])
  /// On a dark screen.
  public static let dark = PageColours(
    page: 0x16181c, ink: 0xe4e6e9, faint: 0xa2a8b0, line: 0x3a3f46, good: 0x6fce8d, bad: 0xff8a80, link: 0x8ab8f0,
    note: 0x332b16, card: 0x1f2227, lines: [0x7db3ee, 0xf0946a, 0x7fd08f, 0xc79be8], shade: 0x8ab8f0,
    emotions: [0x9aa2ab, 0xff8a80, 0xf0a878, 0xe8c04a, 0xf59ac4, 0x7db3ee, 0xc79be8, 0xa9d06a, 0x5fd0cf])

  /// Every text with what it stands on, by what it is.
  public var pairs: [(name: String, text: Colour, ground: Colour)] {
    let grounds = [("page", page), ("card", card), ("note", note)]
    let texts = [("ink", ink), ("faint", faint), ("link", link), ("good", good), ("bad", bad)]
    return grounds.flatMap { ground in texts.map { (name: "\($0.0) on \(ground.0)", text: $0.1, ground: ground.1) } }
      + lines.enumerated().map { (name: "line \($0)", text: $1, ground: page) }
      + emotions.enumerated().map { (name: "ink on emotion \($0)", text: $1.inkOnIt, ground: $1) }
      + shades.enumerated().map { (name: "shade \($0)", text: $1.inkOnIt, ground: $1) }
  }

  /// Every shape that means something, with what it stands on: WCAG asks for 3.
  public var shapes: [(name: String, shape: Colour, ground: Colour)] {
    let emotions = emotions.enumerated().flatMap { place, colour in
      [("page", page), ("card", card)].map { (name: "emotion \(place) on \($0.0)", shape: colour, ground: $0.1) }
    }
    return emotions + lines.enumerated().map { (name: "line \($0)", shape: $1, ground: page) }
  }

  /// The page's colours as CSS variables.
  var variables: String {
    [
      ("page", page), ("ink", ink), ("faint", faint), ("line", line), ("good", good), ("bad", bad), ("link", link),
      ("note", note), ("card", card),
    ].map { "--\($0.0): \($0.1.text);" }.joined(separator: " ")
  }

  /// The pictures' colours as CSS: their own attributes are those of the light page.
  var pictures: String {
    let lineRules = lines.enumerated().map { ".l\($0) { stroke: \($1.text); } .f\($0) { fill: \($1.text); }" }
    let barRules = bars.enumerated().map { ".r\($0) { fill: \($1.text); stroke: \(bars[0].text); }" }
    let shadeRules = shades.enumerated().map { ".s\($0) { fill: \($1.text); } .t\($0) { fill: \($1.inkOnIt.text); }" }
    return (lineRules + barRules + shadeRules).joined(separator: " ")
  }
}
