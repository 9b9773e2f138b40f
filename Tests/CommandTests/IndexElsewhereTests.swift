import Foundation
import Testing

/// A spool whose index lies in another folder, as where the spool is on a file server.
@Suite struct IndexElsewhereTests {
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")
  private let folder: TestFolder
  private var configuration: String { folder["etc/ambd.toml"].path }

  init() throws {
    folder = try TestFolder()
    for path in ["etc", "local", "spool/incoming", "other/incoming"] {
      try FileManager.default.createDirectory(at: folder[path], withIntermediateDirectories: true)
    }
    let text = """
      spool = "../spool"
      index = "../local/lab.sqlite"
      model = "\(Shipped.model)"
      [probes]
      kinds = ["missing"]
      """
    try Data(text.utf8).write(to: folder["etc/ambd.toml"])
    for (sample, spool) in zip(Shipped.samples, ["spool", "other"]) {
      try FileManager.default.copyItem(at: sample, to: folder["\(spool)/incoming/\(sample.lastPathComponent)"])
    }
  }

  private func once(_ arguments: String..., environment: [String: String] = [:]) throws -> BuiltProgram.Outcome {
    try ambd(["--config", configuration, "--once"] + arguments, environment: environment)
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder[path].path) }

  /// The names of the bundles that ambq finds; none where it finds no index.
  private func bundles(_ arguments: String...) throws -> [String] {
    try ambq(["bundles", "--format", "tsv"] + arguments).lines.dropFirst()
      .map { String($0.prefix { $0 != "\t" }) }
  }

  @Test func theDaemonWritesThereAndAmbqFindsItByTheConfiguration() throws {
    let outcome = try once()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(exists("local/lab.sqlite") && !exists("spool/index.sqlite"))
    #expect(exists("spool/lock") && exists("spool/labels/monday.tsv") && exists("spool/done/monday.h5"))
    #expect(try bundles("--config", configuration) == ["monday.h5"])
    // The configured spool by its name is the configured spool.
    #expect(try bundles("--config", configuration, "--spool", folder["spool"].path) == ["monday.h5"])
    #expect(try bundles("--index", folder["local/lab.sqlite"].path) == ["monday.h5"])
    let status = try ambq("status", "--config", configuration)
    // The daemon of --once has ended.
    #expect(status.status == 69)
    #expect(status.output.contains(folder["local/lab.sqlite"].path) && status.output.contains(folder["spool"].path))
    let night = "2000-01-01"
    #expect(try ambq("report", "--config", configuration, "--date", night).status == 0)
    // A second run finds its own index.
    #expect(try once().status == 0)
  }

  @Test func anotherSpoolOnTheCommandLineHasItsOwnIndex() throws {
    let other = folder["other"].path
    #expect(try once().status == 0)
    let outcome = try once("--spool", other)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("is that of the spool \(folder["spool"].path)"))
    #expect(exists("other/index.sqlite"))
    #expect(try bundles("--config", configuration, "--spool", other) == ["tuesday.h5"])
    #expect(try bundles("--config", configuration) == ["monday.h5"])
    #expect(
      try bundles("--config", configuration, "--spool", other, "--index", folder["local/lab.sqlite"].path)
        == ["monday.h5"])
  }

  @Test func twoSpoolsOnOneIndexAreRefused() throws {
    #expect(try once().status == 0)
    let outcome = try once("--spool", folder["other"].path, "--set", "index=\(folder["local/lab.sqlite"].path)")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("the index belongs to another spool"))
    #expect(exists("other/incoming/tuesday.h5"))
    #expect(try bundles("--config", configuration) == ["monday.h5"])
  }

  @Test func checkSaysWhereTheIndexLiesAndWhereItCannot() throws {
    let good = try ambd("--config", configuration, "--check")
    #expect(good.status == 0, "\(good.errors)")
    #expect(good.output.contains("index: \(folder["local/lab.sqlite"].path), which ambd will make"))
    #expect(!exists("local/lab.sqlite"))
    let bad = try ambd(
      ["--config", configuration, "--check"], environment: ["AMBD_INDEX": folder["nowhere/i.sqlite"].path])
    #expect(bad.status == 74)
    #expect(bad.errors.contains("nowhere/i.sqlite: the folder of the index does not exist"))
  }
}
