import Foundation
import Testing

@Suite struct AmbtrainReproduceTests {
  private let ambtrain = BuiltProgram("ambtrain")
  private static let small = ["--quick", "--hidden", "16", "--epochs", "1", "--seeds", "2", "--threads", "1"]

  @Test func anExperimentIsRunResumedAndWritten() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let arguments = ["reproduce", "table-4", "--data", data, "--out", folder["out"].path] + Self.small
    let outcome = try ambtrain(arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("# Modality combinations (Table 4 of the paper)"))
    #expect(outcome.output.contains("| text + audio (base) |"))
    #expect(outcome.errors.contains("6/6  text + audio, seed 2: weighted F1"))
    #expect(outcome.errors.contains("no visual"))
    for suffix in ["md", "json", "svg"] {
      #expect(try !Data(contentsOf: folder["out/modalities.\(suffix)"]).isEmpty)
    }
    let json = try Data(contentsOf: folder["out/modalities.json"])

    let again = try ambtrain(arguments)
    #expect(again.status == 64)
    #expect(again.errors.contains("there are results of an earlier run"))
    let resumed = try ambtrain(arguments + ["--resume"])
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("6/6  text + audio, seed 2: finished earlier"))
    #expect(try Data(contentsOf: folder["out/modalities.json"]) == json)
  }

  @Test func aMeasurementIsWritten() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let outcome = try ambtrain(["reproduce", "cost", "--data", data, "--out", folder["out"].path] + Self.small)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("| all modules"))
  }

  @Test func experimentsAreListedAndMistakesExplained() throws {
    let list = try ambtrain("reproduce")
    #expect(list.status == 0)
    #expect(list.output.contains("warm-up         Warm-up of the balancing (figure-5)"))
    #expect(try ambtrain("reproduce", "--list").output == list.output)

    let unknown = try ambtrain("reproduce", "tabel-4", "--quick", "--out", "x")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("perhaps table-4"))
    #expect(try ambtrain("reproduce", "windows", "--out", "x").status == 64)
    #expect(try ambtrain("reproduce", "windows", "--quick").status == 64)
  }

  @Test func everyExperimentOptionAndKeyIsInTheManual() throws {
    let manual = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../man/ambtrain.1").standardized
    let text = try String(contentsOf: manual, encoding: .utf8)
    let names = try ambtrain("reproduce", "--list").output.matches(of: /(?m)^([a-z-]+) .*\((.+)\)$/)
    #expect(names.count == 12)
    for name in names {
      #expect(text.contains("\n.It Cm \(name.1)"))
      for alias in name.2.split(separator: ", ") { #expect(text.contains(alias), "\(alias)") }
    }
    let options = try ambtrain("help", "reproduce").output.matches(of: /--([a-z-]+)/).map { String($0.1) }
    for option in Set(options).subtracting(["help", "version"]) {
      #expect(text.contains("Fl -\(option)") || text.contains(", -\(option) "), "--\(option)")
    }
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
    for experiment in ["modalities", "cost"] {
      _ = try ambtrain(["reproduce", experiment, "--data", data, "--out", folder["out"].path] + Self.small)
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder["out/\(experiment).json"]))
      for key in Self.keys(json, except: ["recipe", "recipe_changes", "test"]) {
        #expect(words.contains(Substring(key)), "\(key) of \(experiment).json")
      }
    }
  }

  /// Every key of nested objects; what lies below some of them is documented elsewhere.
  private static func keys(_ value: Any, except: Set<String>) -> Set<String> {
    if let array = value as? [Any] { return Set(array.flatMap { keys($0, except: except) }) }
    guard let object = value as? [String: Any] else { return [] }
    return object.reduce(into: Set(object.keys)) { found, entry in
      if !except.contains(entry.key) { found.formUnion(keys(entry.value, except: except)) }
    }
  }
}
