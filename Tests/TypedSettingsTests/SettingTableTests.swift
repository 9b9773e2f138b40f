import Foundation
import TestFolders
import Testing

@testable import TypedSettings

/// Keys of a small record, from a file and from text.
struct SettingTableTests {
  enum Colour: String, CaseIterable, Sendable { case warm, cold }

  struct Lamp: Sendable, Equatable {
    var brightness = 0.5
    var hours = 8
    var isOn = false
    var colour = Colour.warm
    var steps: [Double] = []
    var seeds: [UInt64] = []
    var colours: [Colour] = []

    static let keys = SettingTable<Lamp>(
      of: "lamp", listedIn: "lamp(5)", namedBy: "--config",
      keys: [
        .number("light.brightness", \.brightness, in: 0...1), .count("light.hours", \.hours, in: 0...24),
        .flag("on", \.isOn), .choice("light.colour", \.colour), .numbers("steps", \.steps, in: 0...1),
        .counts("seeds", \.seeds), .choices("colours", \.colours),
      ])
  }

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func read(_ text: String) throws -> (lamp: Lamp, origins: [String: String]) {
    let file = try folder.write(text, to: "lamp.toml")
    var lamp = Lamp()
    let origins = try Lamp.keys.apply(to: &lamp, in: folder.url, SettingsFile(file, keys: Lamp.keys).value)
    return (lamp, origins.mapValues { $0.replacing(file.path, with: "lamp.toml") })
  }

  private let changed = Lamp(
    brightness: 1, hours: 3, isOn: true, colour: .cold, steps: [0, 0.25], seeds: [7, 8], colours: [.cold, .warm])

  @Test func everyKindOfKeyIsReadFromAFileWithItsLine() throws {
    let found = try read(
      """
      on = true
      steps = [0, 0.25]
      seeds = [7, 8]
      colours = ["cold", "warm"]

      [light]
      brightness = 1
      hours = 3
      colour = "cold"
      """)
    #expect(found.lamp == changed)
    #expect(found.origins["on"] == "lamp.toml:1" && found.origins["light.colour"] == "lamp.toml:9")
    #expect(found.origins.count == Lamp.keys.count)
  }

  @Test func everyKindOfKeyIsReadFromText() throws {
    let words = [
      "light.brightness": "1", "light.hours": "3", "on": "true", "light.colour": "cold", "steps": "0,0.25",
      "seeds": "[7, 8]", "colours": "cold, warm",
    ]
    var lamp = Lamp()
    try Lamp.keys.apply(to: &lamp, in: folder.url) { key in words[key.path].map { (.word($0), "text") } }
    #expect(lamp == changed)
  }

  @Test func aWrittenValueIsReadBack() throws {
    let file = Lamp.keys.map { "\($0.path) = \($0.value(changed).written)\n" }.joined()
    #expect(file.contains("light.brightness = 1\n") && file.contains("colours = [\"cold\", \"warm\"]"))
    #expect(try read(file).lamp == changed)
  }

  @Test(arguments: [
    ("light.colour = \"cald\"", "wrong value for light.colour", "Did you mean \"cold\"?"),
    ("light.hours = 25", "wrong value for light.hours", nil),
    ("light.hous = 2", "unknown key \"light.hous\"", "Did you mean \"light.hours\"?"),
    ("hours = 2", "unknown key \"hours\"", "Did you mean \"light.hours\"?"),
    ("light = 2", "unknown key \"light\"", "\"light\" is a table: write [light], then its keys."),
    ("something_else = 2", "unknown key \"something_else\"", "The keys are listed in lamp(5)."),
  ])
  func whatIsWrongIsSaidWithALineAndARemedy(line: String, what: String, remedy: String?) throws {
    let error = try #require(throws: SettingError.self) { try read("# first\n\(line)\n") }
    #expect(error.explanation.what == what && error.explanation.remedy == remedy)
    #expect(error.explanation.location?.hasSuffix("lamp.toml:2") == true)
  }

  @Test func aMissingFileSaysHowItWasNamed() throws {
    let error = try #require(throws: SettingError.self) {
      try SettingsFile(folder.url.appendingPathComponent("none.toml"), keys: Lamp.keys)
    }
    #expect(error.explanation.kind == .missingInput)
    #expect(error.explanation.what == "the lamp file does not exist")
    #expect(error.explanation.remedy == "Check the path given by --config.")
  }
}
