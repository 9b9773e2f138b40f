import AmbqConfiguration
import Corrections
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import ResultIndex
import Testing

@testable import ResultQueries

/// A spool whose files and index agree, until something is done to them.
private final class AgreeingSpool {
  let sample: SampleIndex
  var done: URL { sample.layout.done }
  var labels: URL { sample.layout.labels }

  init(_ layout: LabelLayout = .tsv) throws {
    sample = try SampleIndex(isFilled: false)
    try FileManager.default.createDirectory(at: labels, withIntermediateDirectories: true)
    let writer = try IndexWriter(sample.layout.index)
    for (number, name) in ["friday.h5", "saturday.vtt"].enumerated() {
      try score(name, "content of \(name)", layout, after: Double(number) * 3600, writer)
    }
    try writer.close()
  }

  /// Leaves bytes in `done` and their labels in `labels`, as the daemon does.
  func score(
    _ name: String, as done: String? = nil, _ bytes: String, _ layout: LabelLayout = .tsv, after seconds: Double = 0,
    _ writer: IndexWriter
  ) throws {
    var rows = [
      sample.utterance("tea", 0, "Rachel\t\"R\"", "joy", 0.9), sample.utterance("tea", 1, "Ross", "anger", 0.6),
      sample.utterance("wa/lk", 0, "Ross", "neutral", 0.4),
    ]
    (rows[0].isUncertain, rows[0].labelSet, rows[1].stability) = (false, [1, 2], 0.5)
    let bundle = ScoredBundle(
      name: name, digest: FileDigest.sha256(Data(bytes.utf8)), modelName: "meld-minilm",
      modelDigest: String(repeating: "5e", count: 32), emotions: SampleIndex.emotions, utterances: rows)
    let done = done ?? name
    let stem = String(done.prefix { $0 != "." })
    let file = layout == .tsv ? "\(stem).tsv" : layout == .jsonl ? "\(stem).jsonl" : stem
    let time = SampleIndex.evening + seconds
    try writer.record(
      bundle,
      ScoringRecord(
        arrived: time - 1, scored: time, seconds: 0.25, labelFile: "labels/\(file)", byteCount: bytes.utf8.count))
    try Data(bytes.utf8).write(to: self.done.appendingPathComponent(done))
    let objects = rows.map { LabelObject.render($0, bundle.emotions) + "\n" }
    switch layout {
    case .tsv: try write(LabelTable.render(bundle), file)
    case .jsonl: try write(objects.joined(), file)
    case .utterance:
      for (row, object) in zip(rows, objects) {
        try write(object, "\(file)/\(SafeFileName.of(row.dialogue))/\(SafeFileName.of(row.utterance)).json")
      }
    }
  }

  func write(_ text: String, _ name: String) throws {
    let url = labels.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func edit(_ name: String, _ old: String, _ new: String) throws {
    let url = labels.appendingPathComponent(name)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains(old))
    try write(text.replacing(old, with: new, maxReplacements: 1), name)
  }

  func remove(_ name: String, in folder: URL) throws {
    try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
  }

  /// What does not agree, as `problem file`, and what the verification came to.
  func verify(isQuick: Bool = false, doneDays: Int = 0) throws -> (
    found: [String], rows: [[String: Any]], outcome: SpoolVerification.Outcome
  ) {
    let location = try sample.location(environment: ["AMBD_RETENTION_DONE_DAYS": "\(doneDays)"])
    var verification = try SpoolVerification(location, now: SampleIndex.evening + 86_400)
    verification.isQuick = isQuick
    var outcome: SpoolVerification.Outcome?
    let rows = try objects(try printed(.json) { outcome = try verification.write(on: $0) })
    let found = rows.map { "\($0["problem"] as? String ?? "") \($0["file"] as? String ?? "")" }
    let result = try #require(outcome)
    #expect(result.disagreements == rows.count)
    return (found, rows, result)
  }
}

struct SpoolVerificationTests {
  @Test(arguments: LabelLayout.allCases, [false, true])
  func aSpoolAsTheDaemonLeavesItAgrees(_ layout: LabelLayout, _ isQuick: Bool) throws {
    let spool = try AgreeingSpool(layout)
    // Neither of these is an orphan: a digest beside a bundle, and what is just being written.
    try spool.sample.put("friday.h5.sha256", in: spool.done)
    try spool.sample.put(".ambq.7.0.friday.tsv.tmp", in: spool.labels)
    let (found, _, outcome) = try spool.verify(isQuick: isQuick)
    #expect(found.isEmpty && outcome.bundles == 2 && outcome.files == 2 && outcome.labels == 2)
    #expect(
      outcome.summary == "2 scored bundles: 2 label files and 2 files in done agree with the index"
        + (isQuick ? " by name and size" : "") + "; no disagreement.")
  }

  @Test func recordsOfCorrectionsAreComparedWithTheIndex() throws {
    let spool = try AgreeingSpool()
    let folder = spool.sample.layout.corrections
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let records = CorrectionRecords(folder)
    // Milliseconds that no binary fraction holds.
    let time = SampleIndex.evening + 0.123
    func correction(_ emotion: String?) -> Correction {
      Correction(
        bundleDigest: FileDigest.sha256(Data("content of friday.h5".utf8)), dialogue: "tea", utterance: "tea#0",
        emotion: emotion, by: "Anna", at: time, account: "anna", taken: time)
    }
    let writer = try IndexWriter(spool.sample.layout.index)
    for name in ["a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"] {
      try records.write([correction("joy"), correction(nil)], as: name)
      try writer.record(records.read(name), file: name)
    }
    try writer.close()
    #expect(try spool.verify().found.isEmpty)
    try records.write([correction("joy"), correction("fear")], as: "a.jsonl")
    try records.write([correction("joy")], as: "b.jsonl")
    try spool.remove("c.jsonl", in: folder)
    try Data("nonsense".utf8).write(to: folder.appendingPathComponent("d.jsonl"))
    try records.write([correction("joy")], as: "e.jsonl")
    let (found, rows, _) = try spool.verify()
    #expect(
      found == [
        "changed corrections/a.jsonl", "changed corrections/b.jsonl", "missing corrections/c.jsonl",
        "unreadable corrections/d.jsonl", "unknown corrections/e.jsonl",
      ])
    #expect(rows[0]["what"] as? String == "its line 2 is not what the index has")
    #expect(try spool.verify(isQuick: true).found == ["missing corrections/c.jsonl", "unknown corrections/e.jsonl"])
  }

  @Test func aBundleWhoseBytesDifferIsChanged() throws {
    let spool = try AgreeingSpool()
    try Data("CONTENT of friday.h5".utf8).write(to: spool.done.appendingPathComponent("friday.h5"))
    let (found, rows, outcome) = try spool.verify()
    #expect(found == ["changed done/friday.h5"] && outcome.files == 1)
    #expect(rows[0]["found"] as? String == FileDigest.sha256(Data("CONTENT of friday.h5".utf8)))
    #expect(rows[0]["expected"] as? String == FileDigest.sha256(Data("content of friday.h5".utf8)))
    #expect(rows[0]["bundle"] as? String == "friday.h5")
    // Its size is the same, and nothing is read.
    #expect(try spool.verify(isQuick: true).found.isEmpty)
    try Data("short".utf8).write(to: spool.done.appendingPathComponent("friday.h5"))
    #expect(try spool.verify(isQuick: true).found == ["changed done/friday.h5"])
    // The bytes of another bundle are not this one's.
    try Data("content of saturday.vtt".utf8).write(to: spool.done.appendingPathComponent("friday.h5"))
    #expect(try spool.verify().found == ["changed done/friday.h5"])
  }

  @Test(arguments: [false, true]) func aBundleThatIsGoneIsMissingUnlessItsTimeIsOver(_ isQuick: Bool) throws {
    let spool = try AgreeingSpool()
    try spool.remove("friday.h5", in: spool.done)
    try spool.remove("saturday.vtt", in: spool.done)
    #expect(try spool.verify(isQuick: isQuick).found == ["missing done/friday.h5", "missing done/saturday.vtt"])
    // A day and no more has passed since friday.h5 was scored, and an hour less since saturday.vtt was.
    #expect(try spool.verify(isQuick: isQuick, doneDays: 2).outcome.expired == 0)
    let later = try SpoolVerification(
      spool.sample.location(environment: ["AMBD_RETENTION_DONE_DAYS": "1"]), now: SampleIndex.evening + 86_401)
    var outcome: SpoolVerification.Outcome?
    let text = try printed(.tsv) { outcome = try later.write(on: $0) }
    #expect(lines(text).dropFirst().count == 1 && text.contains("saturday.vtt"))
    #expect(
      outcome?.summary.hasSuffix("; 1 disagreement. 1 bundle gone from done, as retention.done_days = 1 wants it.")
        == true)
  }

  @Test func aBundleInTheDaemonsHandsIsNotMissing() throws {
    let spool = try AgreeingSpool()
    try FileManager.default.moveItem(
      at: spool.done.appendingPathComponent("friday.h5"),
      to: spool.sample.layout.active.appendingPathComponent("friday.h5"))
    try spool.sample.put("sunday.h5", in: spool.sample.layout.active)
    try spool.write("", "sunday.tsv")
    let (found, _, outcome) = try spool.verify()
    #expect(found.isEmpty && outcome.active == 1)
  }

  @Test func bundlesOfOneNameAreToldApart() throws {
    let spool = try AgreeingSpool()
    let writer = try IndexWriter(spool.sample.layout.index)
    let digest = FileDigest.sha256(Data("CONTENT OF FRIDAY.H5".utf8))
    let name = "friday~\(digest.prefix(8)).h5"
    try spool.score("friday.h5", as: name, "CONTENT OF FRIDAY.H5", after: 60, writer)
    // Bytes that came once more under another name lie there, too.
    _ = try writer.recordAgain(
      name: "copy.h5", bundleDigest: digest, modelDigest: String(repeating: "5e", count: 32))
    try writer.close()
    try Data("CONTENT OF FRIDAY.H5".utf8).write(to: spool.done.appendingPathComponent("copy.h5"))
    #expect(try spool.verify().found.isEmpty)
    try spool.remove("copy.h5", in: spool.done)
    #expect(try spool.verify().found.isEmpty)
    try spool.remove(name, in: spool.done)
    #expect(try spool.verify().found == ["missing done/friday.h5"])
    try Data("something else altogether".utf8).write(to: spool.done.appendingPathComponent("copy.h5"))
    #expect(try spool.verify().found == ["changed done/copy.h5"])
  }

  @Test func whatTheIndexDoesNotKnowIsNamed() throws {
    let spool = try AgreeingSpool()
    try Data("content of friday.h5".utf8).write(to: spool.done.appendingPathComponent("twin.h5"))
    for name in ["new.h5", "notes.odt"] { try spool.sample.put(name, in: spool.done) }
    try spool.write("", "old.tsv")
    try FileManager.default.createDirectory(
      at: spool.labels.appendingPathComponent("folder"), withIntermediateDirectories: false)
    let (found, rows, outcome) = try spool.verify()
    #expect(
      Set(found) == [
        "unknown done/new.h5", "unknown done/notes.odt", "unknown done/twin.h5", "unknown labels/folder",
        "unknown labels/old.tsv",
      ])
    #expect(rows.contains { $0["what"] as? String == "the index knows these bytes as friday.h5" })
    #expect(outcome.files == 2 && outcome.labels == 2)
    #expect(try Set(spool.verify(isQuick: true).found) == Set(found))
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let spool = try AgreeingSpool()
    try spool.remove("friday.tsv", in: spool.labels)
    #expect(mkfifo(spool.labels.appendingPathComponent("friday.tsv").path, 0o600) == 0)
    // Without a writer it is empty, and nobody waits for one.
    #expect(try spool.verify().found == ["changed labels/friday.tsv"])
  }
}

struct LabelVerificationTests {
  private func found(_ layout: LabelLayout = .tsv, _ change: (AgreeingSpool) throws -> Void) throws -> [String] {
    let spool = try AgreeingSpool(layout)
    try change(spool)
    let rows = try spool.verify().rows
    return rows.map { row in
      ["problem", "file", "what", "found", "expected"].compactMap { row[$0] as? String }.joined(separator: "|")
    }
  }

  @Test func labelsThatAreGoneAreMissing() throws {
    for layout in LabelLayout.allCases {
      let name = ["friday.tsv", "friday.jsonl", "friday"][LabelLayout.allCases.firstIndex(of: layout) ?? 0]
      #expect(
        try found(layout) { try $0.remove(name, in: $0.labels) } == ["missing|labels/\(name)|the labels are not there"])
    }
  }

  @Test func aFieldThatDiffersIsToldWithItsPlace() throws {
    let changed = "changed|labels/friday.tsv|"
    #expect(
      try found { try $0.edit("friday.tsv", "\tanger\t", "\tjoy\t") }
        == [changed + "emotion of dialogue tea, utterance tea#1 is not the index's|joy|anger"])
    #expect(
      try found { try $0.edit("friday.tsv", "0.400000", "0.400001") }
        == [changed + "confidence of dialogue wa/lk, utterance wa/lk#0 is not the index's|0.400001|0.400000"])
    #expect(
      try found(.jsonl) { try $0.edit("friday.jsonl", "\"speaker\": \"Ross\"", "\"speaker\": \"Rose\"") }
        == ["changed|labels/friday.jsonl|speaker of dialogue tea, utterance tea#1 is not the index's|\"Rose\"|\"Ross\""]
    )
    #expect(
      try found(.utterance) { try $0.edit("friday/wa%2Flk/wa%2Flk#0.json", "neutral", "joy") }.first?.contains(
        "emotion of dialogue wa/lk, utterance wa/lk#0") == true)
  }

  @Test func rowsTooFewAndTooManyAreTold() throws {
    let changed = "changed|labels/friday.tsv|"
    #expect(
      try found { spool in
        let text = try String(contentsOf: spool.labels.appendingPathComponent("friday.tsv"), encoding: .utf8)
        try spool.write(lines(text).dropLast().joined(separator: "\n") + "\n", "friday.tsv")
      } == [changed + "it ends early|2 utterances|3"])
    #expect(
      try found { spool in
        let text = try String(contentsOf: spool.labels.appendingPathComponent("friday.tsv"), encoding: .utf8)
        try spool.write(text + lines(text)[1] + "\n", "friday.tsv")
      } == [changed + "it has more utterances than the index|more than 3|3"])
    #expect(try found { try $0.write("garbage", "friday.tsv") }[0].hasPrefix(changed + "it is no table of labels|"))
    #expect(
      try found(.jsonl) { try $0.write("garbage\n", "friday.jsonl") }
        == ["changed|labels/friday.jsonl|what stands for dialogue tea, utterance tea#0 is no object of JSON"])
    #expect(
      try found(.utterance) { try $0.remove("friday/tea/tea#0.json", in: $0.labels) }
        == ["missing|labels/friday/tea/tea#0.json|the label of an utterance is not there"])
    #expect(
      try found(.utterance) { try $0.write("", "friday/tea/more.json") }
        == ["changed|labels/friday|it holds other files as well|4|3"])
  }

  @Test func labelsOfAnEarlierVersionAgree() throws {
    // Before there was doubt, two columns were not there.
    func earlier(_ spool: AgreeingSpool) throws {
      let text = try String(contentsOf: spool.labels.appendingPathComponent("friday.tsv"), encoding: .utf8)
      let place = try #require(LabelTable.columns.firstIndex(of: "certain"))
      let cut = lines(text).map { line in
        var fields = line.components(separatedBy: "\t")
        fields.removeSubrange(place...place + 1)
        return fields.joined(separator: "\t") + "\n"
      }
      try spool.write(cut.joined(), "friday.tsv")
    }
    #expect(try found(.tsv, earlier).isEmpty)
    #expect(
      try found {
        try earlier($0)
        try $0.edit("friday.tsv", "\tRoss\t", "\tRose\t")
      } == ["changed|labels/friday.tsv|speaker of dialogue tea, utterance tea#1 is not the index's|Rose|Ross"])
  }

  @Test func stabilityMayBeAheadOfTheIndexWhileAProbeIsPending() throws {
    let spool = try AgreeingSpool()
    try spool.edit("friday.tsv", "\t0.500000\t", "\t0.700000\t")
    #expect(try spool.verify().found == ["changed labels/friday.tsv"])
    let writer = try IndexWriter(spool.sample.layout.index)
    _ = try writer.recordAgain(
      name: "friday.h5", bundleDigest: FileDigest.sha256(Data("content of friday.h5".utf8)),
      modelDigest: String(repeating: "5e", count: 32),
      probe: ProbeRequest(plan: "{}", file: "done/friday.h5", time: SampleIndex.evening))
    try writer.close()
    #expect(try spool.verify().found.isEmpty)
  }
}
