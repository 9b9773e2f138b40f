import Foundation
import Testing

@Suite struct AmbdTests {
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")
  private let folder: TestFolder
  private var spool: String { folder["spool"].path }

  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
  }

  private func drop(_ source: URL, as name: String? = nil) throws {
    let target = folder["spool/incoming/\(name ?? source.lastPathComponent)"]
    try FileManager.default.copyItem(at: source, to: target)
  }

  private func once() throws -> BuiltProgram.Outcome {
    try ambd("--spool", spool, "--model", Shipped.model, "--once")
  }

  /// Dialogue, utterance and emotion of every row that ambq finds.
  private func rows() throws -> [String] {
    let outcome = try ambq("list", "--spool", spool, "--format", "jsonl")
    return try outcome.lines.map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return ["bundle", "dialogue", "utterance", "emotion"].map { "\(object[$0] ?? "")" }.joined(separator: " ")
    }.sorted()
  }

  /// What the rows of the samples should be, from `ambtrain score`.
  private func expectedRows(_ samples: [URL]) throws -> [String] {
    try samples.flatMap { sample in
      try BuiltProgram("ambtrain")("score", "--model", Shipped.model, sample.path).lines.dropFirst().map { line in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        return "\(sample.lastPathComponent) \(fields[0]) \(fields[1]) \(fields[5])"
      }
    }.sorted()
  }

  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder["spool/\(path)"].path)) ?? []).sorted()
  }

  @Test func samplesComeOutLabelledIndexedAndQueryable() throws {
    for sample in Shipped.samples { try drop(sample) }
    let outcome = try once()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(names("done") == ["monday.h5", "tuesday.h5", "wednesday.h5"])
    #expect(names("labels") == ["monday.tsv", "tuesday.tsv", "wednesday.tsv"])
    #expect(try rows() == expectedRows(Shipped.samples))
    let label = try String(contentsOf: folder["spool/labels/monday.tsv"], encoding: .utf8)
    let expected = try BuiltProgram("ambtrain")("score", "--model", Shipped.model, Shipped.samples[0].path).output
    // ambtrain does not probe: apart from the stability all bytes are the same.
    #expect(LabelRows(label).withoutStability == LabelRows(expected).withoutStability)
  }

  @Test func theSameBytesAgainChangeNothing() throws {
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    let (before, label) = (try rows(), try Data(contentsOf: folder["spool/labels/monday.tsv"]))
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    #expect(try rows() == before)
    #expect(try Data(contentsOf: folder["spool/labels/monday.tsv"]) == label)
    #expect(names("labels") == ["monday.tsv"])
    #expect(names("incoming") == [] && names("active") == [])
  }

  @Test func twoBundlesOfOneNameAreBothKept() throws {
    try drop(Shipped.samples[0], as: "day.h5")
    #expect(try once().status == 0)
    try drop(Shipped.samples[1], as: "day.h5")
    #expect(try once().status == 0)
    #expect(names("done").count == 2 && names("labels").count == 2)
    let expected = try Shipped.samples.prefix(2).map { try expectedRows([$0]).count }.reduce(0, +)
    #expect(try rows().count == expected)
  }

  @Test func aBadBundleIsSetAsideAndTheQueueGoesOn() throws {
    try Data("not a bundle".utf8).write(to: folder["spool/incoming/bad.h5"])
    try drop(Shipped.samples[0])
    #expect(try once().status == 1)
    #expect(names("failed") == ["bad.h5", "bad.h5.error.json"])
    #expect(names("done") == ["monday.h5"])
    let report = try Data(contentsOf: folder["spool/failed/bad.h5.error.json"])
    let error = try #require(try JSONSerialization.jsonObject(with: report) as? [String: Any])
    #expect(error["what"] as? String == "this is not an HDF5 file")
    #expect((error["remedy"] as? String)?.isEmpty == false)
  }

  /// Starts the daemon, waits for `moment`, lets `milliseconds` pass and kills it.
  private func kill(after milliseconds: Int, _ moment: () throws -> Bool) throws {
    let process = try ambd.start("--spool", spool, "--model", Shipped.model, log: folder["log"])
    for _ in 0..<60_000 {
      if try moment() { break }
      usleep(1000)
    }
    usleep(UInt32(milliseconds) * 1000)
    process.send(SIGKILL)
    _ = process.wait()
  }

  private func stabilities() throws -> [Double?] {
    try names("labels").filter { $0.hasSuffix(".tsv") }.flatMap { name in
      LabelRows(try String(contentsOf: folder["spool/labels/\(name)"], encoding: .utf8)).stabilities
    }
  }

  /// Killed in the middle of bundles, in the middle of probes and at any other moment, each time started anew: in the end
  /// every row is there once.
  @Test func killsLoseNothingAndDoubleNothing() throws {
    for sample in Shipped.samples { try drop(sample) }
    // A bundle that this start has claimed and not brought to its end: such kills must have happened, at least three.
    var interrupted: [String] = []
    for number in 0..<30 where interrupted.count < 3 {
      let before = Set(names("active"))
      // The bytes of a sample that is done already may come again.
      if before.isEmpty && names("incoming").isEmpty { try drop(Shipped.samples[number % 3]) }
      try kill(after: interrupted.count * 5) {
        !Set(names("active")).isSubset(of: before) || (names("incoming") + names("active")).isEmpty
      }
      interrupted += Set(names("active")).subtracting(before)
    }
    #expect(interrupted.count >= 3, "no kill fell into a bundle")

    try kill(after: 0) { names("done").count == 3 && names("active").isEmpty }
    #expect(try stabilities().contains(nil), "the kill came when all was probed")

    for milliseconds in stride(from: 20, through: 400, by: 20) { try kill(after: milliseconds) { true } }

    #expect(try once().status == 0)
    #expect(try rows() == expectedRows(Shipped.samples))
    #expect(names("active") == [] && names("incoming") == [] && names("done").count == 3)
    #expect(names("labels") == ["monday.tsv", "tuesday.tsv", "wednesday.tsv"])
    #expect(try stabilities().allSatisfy { $0 != nil })
  }

  @Test func aSecondDaemonIsRefusedAndTheFirstStopsInOrder() throws {
    let first = try ambd.start("--spool", spool, "--model", Shipped.model, log: folder["log"])
    let index = folder["spool/index.sqlite"].path
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: index) { usleep(10_000) }
    let second = try ambd("--spool", spool, "--model", Shipped.model)
    first.send(SIGTERM)
    #expect(first.wait() == 0)
    #expect(second.status != 0)
    #expect(second.errors.contains("\(first.identifier)"))
  }

  @Test func checkPrintsWhatWouldBeUsedAndRefusesABadModel() throws {
    let good = try ambd("--check", "--spool", spool, "--model", Shipped.model)
    #expect(good.status == 0)
    #expect(good.output.contains("model: meld-minilm"))
    let bad = try ambd("--check", "--spool", spool, "--model", folder.url.path)
    #expect(bad.status == 66)
    #expect(bad.errors.contains("no config.json in the model directory"))
  }
}
