import DialogueDomain
import Foundation
import TestFolders
import Testing
import TypedSettings

@testable import AmbqConfiguration

struct LoadedConfigurationTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func refusal(of text: String) throws -> Explanation {
    let file = try folder.write(text, to: "ambd.toml")
    let error = try #require(throws: SettingError.self) { try LoadedConfiguration(file: file, in: folder.url) }
    return error.explanation
  }

  @Test func commandLineGoesOverEnvironmentOverFileOverDefault() throws {
    let file = try folder.write("[log]\nlevel = \"error\"\nformat = \"json\"\n[scoring]\nthreads = 3", to: "ambd.toml")
    let loaded = try LoadedConfiguration(
      file: file, environment: ["AMBD_LOG_LEVEL": "debug", "AMBD_LOG_FORMAT": "logfmt"],
      overrides: ["log.level": "warning"], in: folder.url)
    #expect(loaded.values.log.level == .warning)
    #expect(loaded.values.log.format == .logfmt)
    #expect(loaded.values.scoring.threads == 3)
    #expect(loaded.values.labels.layout == .tsv)
    #expect(loaded.origins["log.level"] == "command line")
    #expect(loaded.origins["log.format"] == "AMBD_LOG_FORMAT")
    #expect(loaded.origins["scoring.threads"] == "\(file.path):5")
    #expect(loaded.origins["labels.layout"] == nil)
  }

  @Test func everyKeyCanBeSetByItsEnvironmentVariable() throws {
    let changed = [
      "spool": "s", "model": "m", "labels.layout": "jsonl", "labels.aliases": "happy=joy", "keep.text": "false",
      "scoring.strict": "true", "scoring.precision": "int8",
      "watch.mode": "poll",
      "reader.isolated": "false",
      "log.level": "error", "log.format": "json", "deferral.factor": "3", "probes.enabled": "false",
      "probes.kinds": "noise", "probes.levels": "0,0.5", "probes.missing_rates": "0, 0.5", "probes.gap_share": "0.5",
      "probes.share_under_load": "0.5",
      "report.enabled": "false", "report.at": "04:30", "report.least_weighted_f1": "0.4",
      "report.least_confidence": "0.4", "report.most_flips": "0.4", "report.most_drift": "0.4",
      "notify.webhook": "https://example.org/x", "notify.events": "night",
      "report.most_training_drift": "0.4", "report.most_failed": "0.4", "report.most_unhealthy": "0.4",
    ]
    for key in AmbdConfiguration.keys {
      let text = changed[key.path] ?? "11"
      let loaded = try LoadedConfiguration(
        environment: [key.environmentVariable: text, "AMBD_CONFIG": ""], in: folder.url)
      #expect(key.value(loaded.values) != key.value(AmbdConfiguration(in: folder.url)), "\(key.path)")
      #expect(loaded.origins == [key.path: key.environmentVariable])
    }
  }

  @Test func aWebhookIsAnAddressAndStandsAlone() throws {
    for address in ["example.org", "ftp://example.org", "https://example.org/a b", "https://example.org/\noutput = x"] {
      #expect(throws: SettingError.self, "\(address)") {
        try LoadedConfiguration(overrides: ["notify.webhook": address], in: folder.url)
      }
    }
    let hook = ["notify.webhook": "https://example.org/a"]
    #expect(try LoadedConfiguration(overrides: hook, in: folder.url).values.notify.isSet)
    let error = #expect(throws: SettingError.self) {
      try LoadedConfiguration(overrides: hook.merging(["notify.command": "tell"]) { $1 }, in: folder.url)
    }
    #expect(error?.explanation.expected == "one of the two")
  }

  @Test func pathsInTheFileStartFromItsFolderAndOthersFromTheWorkingFolder() throws {
    let file = try folder.write("spool = \"../spool\"\nmodel = \"/models/m\"", to: "etc/ambd.toml")
    let read = try LoadedConfiguration(file: file, in: URL(fileURLWithPath: "/elsewhere", isDirectory: true))
    #expect(read.values.spool.path == folder.url.appendingPathComponent("spool").path)
    #expect(read.values.model.path == "/models/m")
    let given = try LoadedConfiguration(
      file: file, overrides: ["spool": "here"], in: URL(fileURLWithPath: "/elsewhere", isDirectory: true))
    #expect(given.values.spool.path == "/elsewhere/here")
  }

  @Test func theFileIsFoundByVariableThenInTheWorkingFolder() throws {
    let inFolder = try folder.write("spool = \"a\"", to: "etc/ambd.toml")
    let named = try folder.write("spool = \"b\"", to: "other.toml")
    #expect(try LoadedConfiguration(in: folder.url).file?.path == inFolder.path)
    let loaded = try LoadedConfiguration(environment: ["AMBD_CONFIG": "other.toml"], in: folder.url)
    #expect(loaded.file?.path == named.path)
    #expect(loaded.values.spool.lastPathComponent == "b")
  }

  @Test func aMissingFileIsAMissingInput() throws {
    let error = #expect(throws: SettingError.self) {
      try LoadedConfiguration(file: folder.url.appendingPathComponent("none.toml"), in: folder.url)
    }
    #expect(error?.explanation.kind == .missingInput)
    #expect(error?.explanation.message.contains("none.toml") == true)
  }

  @Test(arguments: [
    ("[watch]\nmode = \"poll\"\nsettle_second = 3", "watch.settle_second", "watch.settle_seconds", 3),
    ("[wach]\nmode = \"poll\"", "wach", "watch", 1),
    ("spol = \"x\"", "spol", "spool", 1),
    ("# a comment\nlevel = \"debug\"", "level", "log.level", 2),
    ("watch.rescans_seconds = 3", "watch.rescans_seconds", "watch.rescan_seconds", 1),
  ])
  func unknownNamesAreRefusedWithTheNearestAndTheLine(
    text: String, unknown: String, nearest: String, line: Int
  ) throws {
    let explanation = try refusal(of: text)
    #expect(explanation.kind == .usage)
    #expect(explanation.what.hasPrefix("unknown ") && explanation.what.contains("\"\(unknown)\""))
    #expect(explanation.remedy == "Did you mean \"\(nearest)\"?")
    #expect(explanation.location?.hasSuffix("ambd.toml:\(line)") == true)
  }

  @Test func unknownKeysOfTheCommandLineAreRefusedWithTheNearest() throws {
    let error = #expect(throws: SettingError.self) {
      try LoadedConfiguration(environment: ["AMBD_CONFIG": ""], overrides: ["watch.mod": "poll"], in: folder.url)
    }
    #expect(error?.explanation.remedy == "Did you mean \"watch.mode\"?")
  }

  @Test func aTableNameUsedAsAKeyIsExplained() throws {
    let explanation = try refusal(of: "watch = 3")
    #expect(explanation.remedy == "\"watch\" is a table: write [watch], then its keys.")
  }

  @Test(arguments: [
    ("[watch]\nsettle_seconds = \"5\"", "the text \"5\"", "a number from 0 to 3600"),
    ("[watch]\nsettle_seconds = -1", "-1", "a number from 0 to 3600"),
    ("[watch]\nsettle_seconds = nan", "nan", "a number from 0 to 3600"),
    ("[scoring]\nthreads = 2.5", "2.5", "a whole number from 0 to 1024"),
    ("[reader]\nisolated = 1", "1", "true or false"),
    ("[log]\nlevel = [\"debug\"]", "[the text \"debug\"]", "one of debug, info, notice, warning, error"),
    ("[probes]\nlevels = 0.5", "0.5", "an array of numbers from 0 to 100"),
    ("[probes]\nlevels = [0, \"much\"]", "[0, the text \"much\"]", "an array of numbers from 0 to 100"),
    ("[probes]\nseeds = [1, -1]", "[1, -1]", "an array of whole numbers from 0"),
    ("[probes]\nkinds = [\"nose\"]", "[the text \"nose\"]", "an array of some of noise, grid, imbalance, missing"),
    ("[probes]\nlevels = [0, 0.3, 0.2]", "[0.0, 0.3, 0.2]", "rising numbers from 0 to 100.0 at most"),
    ("spool = \"\"", "the text \"\"", "the path of a folder, with no leading ~"),
    ("spool = \"~/spool\"", "the text \"~/spool\"", "the path of a folder, with no leading ~"),
    ("model = { name = \"x\" }", "a table", "the path of a folder, with no leading ~"),
  ])
  func wrongTypesAndRangesAreRefused(text: String, found: String, expected: String) throws {
    let explanation = try refusal(of: text)
    #expect(explanation.found == found)
    #expect(explanation.expected == expected)
    #expect(explanation.location?.contains("ambd.toml:") == true)
  }

  @Test func arraysComeOutOfTheFileAndOutOfTextWithCommas() throws {
    let file = try folder.write(
      "[probes]\nlevels = [0, 0.5, 1]\nseeds = [7]\nkinds = [\"missing\", \"noise\"]", to: "ambd.toml")
    let loaded = try LoadedConfiguration(
      file: file, environment: ["AMBD_PROBES_SEEDS": "[3, 4]"], overrides: ["probes.missing_rates": "0,0.25"],
      in: folder.url)
    let plan = try loaded.values.probes.plan()
    #expect(plan.levels == [0, 0.5, 1] && plan.seeds == [3, 4] && plan.missingRates == [0, 0.25])
    #expect(plan.probes == [.noise, .missing] && plan.certaintyLevels.isEmpty)
    let none = try LoadedConfiguration(overrides: ["probes.kinds": "[]"], in: folder.url)
    #expect(none.values.probes.kinds.isEmpty)
    let key = AmbdConfiguration.keys.first { $0.path == "probes.kinds" }
    #expect(key?.value(loaded.values).written == "[\"missing\", \"noise\"]")
  }

  @Test func aPlanThatMakesNoSenseNamesItsKeyAndLine() throws {
    let explanation = try refusal(of: "[probes]\nenabled = true\nseeds = [1, 1]")
    #expect(explanation.what == "wrong value for probes.seeds")
    #expect(explanation.location?.hasSuffix("ambd.toml:3") == true && explanation.found == "[1, 1]")
  }

  @Test func aMistypedChoiceNamesTheNearest() throws {
    #expect(try refusal(of: "[labels]\nlayout = \"jsonn\"").remedy == "Did you mean \"jsonl\"?")
  }

  @Test func syntaxErrorsNameLineAndColumn() throws {
    let explanation = try refusal(of: "spool = \"a\"\nmodel = = 3")
    #expect(explanation.what.hasPrefix("not valid TOML"))
    #expect(explanation.location?.contains("ambd.toml:2:") == true)
  }

  @Test func aFileWithAZeroByteIsRefusedRatherThanCutShort() throws {
    #expect(try refusal(of: "spool = \"a\"\n\0\nnonsense").what == "not valid TOML: a key is missing")
  }

  @Test func keysThatContradictEachOtherAreRefused() throws {
    let explanation = try refusal(of: "[deferral]\nstart_seconds = 60\nlimit_seconds = 5")
    #expect(explanation.what == "deferral.limit_seconds is below deferral.start_seconds")
  }

  @Test func anUnknownVariableOfOurPrefixIsAWarning() throws {
    let loaded = try LoadedConfiguration(environment: ["AMBD_SPOOOL": "x", "AMBD_CONFIG": ""], in: folder.url)
    #expect(loaded.warnings == ["no key has the environment variable AMBD_SPOOOL; did you mean AMBD_SPOOL?"])
  }

  @Test func layoutNamesTheFoldersOfTheSpool() {
    let layout = SpoolLayout(root: URL(fileURLWithPath: "/s", isDirectory: true))
    #expect(layout.incoming.path == "/s/incoming")
    #expect(layout.index.path == "/s/index.sqlite")
  }
}
