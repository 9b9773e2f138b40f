import Foundation
import Presentation
import ResultIndex

/// Prints the status in each format.
public struct StatusPrinter {
  private let status: SystemStatus
  private let console: ResultConsole

  /// Prints a status in the console's form.
  public init(_ status: SystemStatus, _ console: ResultConsole) {
    self.status = status
    self.console = console
  }

  /// - Throws: `OutputError`.
  public func print() throws {
    switch console.format {
    case .table: try draw()
    case .json, .jsonl: try writeJSON()
    case .csv: try writeDelimited(.csv)
    case .tsv: try writeDelimited(.tsv)
    }
  }

  private func draw() throws {
    try fact("Daemon", daemon)
    if let heartbeat = status.heartbeat {
      if let doing { try fact("Doing", doing) }
      try fact("Model", "\(heartbeat.modelName) (\(heartbeat.modelDigest.prefix(8)))")
    }
    if let spool = status.spool { try fact("Spool", spool.path) }
    if let queue = status.queue {
      if queue.folders.isEmpty {
        try fact("Queue", "the spool has no folders yet")
      }
      for (position, folder) in queue.folders.enumerated() {
        try fact(position == 0 ? "Queue" : "", line(folder))
      }
    }
    guard let index = status.index else {
      try fact("Index", "none yet")
      return
    }
    let totals = index.totals
    try fact("Index", "\(index.url.path), \(NumberText.bytes(index.bytes))")
    try fact(
      "",
      "\(NumberText.count(totals.bundles, "bundle")), \(NumberText.count(totals.dialogues, "dialogue")), "
        + NumberText.count(totals.utterances, "utterance"))
    if index.probes.unasked < index.probes.bundles { try fact("Probes", line(index.probes)) }
    if let last = index.last {
      try fact(
        "Last",
        "\(last.title), \(NumberText.count(last.utterances, "utterance")), \(age(last.scored)) ago, "
          + "in \(NumberText.decimal(last.seconds)) s")
    }
    if index.failures > 0 {
      try fact("Errors", "\(NumberText.count(index.failures, "bundle")) to look at: see 'ambq errors'")
    }
  }

  private var daemon: String {
    guard let heartbeat = status.heartbeat else { return "none has run on this index" }
    let process = "process \(heartbeat.processID)"
    let heard = "last heard from \(age(heartbeat.beat)) ago"
    switch status.state {
    case .never: return "none has run on this index"
    case .running:
      let state = console.styled("running", Style(.green, bold: true))
      return "\(state), \(process), up \(age(heartbeat.started)), \(heard)"
    case .silent:
      return "\(console.styled("silent", Style(.yellow, bold: true))), \(process) is there, but \(heard)"
    case .stopped: return "stopped \(age(heartbeat.stopped ?? heartbeat.beat)) ago"
    case .dead:
      return "\(console.styled("not running", Style(.red, bold: true))), \(process) ended without a word, \(heard)"
    case .elsewhere: return "on \(heartbeat.host), \(process), \(heard)"
    }
  }

  /// What a daemon that runs said it does, as of its last heartbeat.
  private var doing: String? {
    guard let heartbeat = status.heartbeat, status.state == .running, !heartbeat.activity.isEmpty else { return nil }
    let waiting = heartbeat.waiting > 0 ? ", \(NumberText.count(heartbeat.waiting, "bundle")) waiting" : ""
    return heartbeat.activity + waiting
  }

  private func line(_ probes: ProbeCounts) -> String {
    [
      (probes.done, "done"), (probes.pending, "pending"), (probes.skipped, "skipped"),
      (probes.unasked, "never asked for"),
    ]
    .filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }

  private func line(_ folder: QueueShape.Folder) -> String {
    let name = folder.name + String(repeating: " ", count: max(0, 9 - folder.name.count))
    let count = NumberText.count(folder.count)
    var text = "\(name) \(String(repeating: " ", count: max(0, 7 - count.count)))\(count)"
    if let oldest = folder.oldest, folder.name != "done" { text += "   oldest \(age(oldest))" }
    return folder.count == 0 ? console.styled(text, .faint) : text
  }

  private func age(_ date: Date) -> String {
    TimeText.duration(status.now.timeIntervalSince(date))
  }

  private func fact(_ label: String, _ text: String) throws {
    try console.fact(label, .bold, width: 8, text)
  }

  /// One object, whose keys ambq(1) lists.
  private func writeJSON() throws {
    var json = JSONText()
    json.object { json in
      json.object("daemon") { json in
        let heartbeat = status.heartbeat
        json.member("state", status.state.rawValue)
        json.member("process", heartbeat.map { Int($0.processID) })
        json.member("host", heartbeat?.host)
        json.member("started", heartbeat.map { TimeText.iso($0.started) })
        json.member("heard", heartbeat.map { TimeText.iso($0.beat) })
        json.member("stopped", heartbeat?.stopped.map { TimeText.iso($0) })
        json.member("activity", heartbeat?.activity)
        json.member("waiting", heartbeat?.waiting)
        json.member("version", heartbeat?.version)
        json.member("model", heartbeat?.modelName)
        json.member("model_digest", heartbeat?.modelDigest)
      }
      json.member("spool", status.spool?.path)
      json.object("queue") { json in
        for folder in status.queue?.folders ?? [] {
          json.object(folder.name) { json in
            json.member("count", folder.count)
            json.member("oldest", folder.oldest.map { TimeText.iso($0) })
          }
        }
      }
      json.key("index")
      if let index = status.index { json.object { encode(index, into: &$0) } } else { json.null() }
    }
    json.endLine(separated: false)
    try console.drain(&json.bytes)
  }

  private func encode(_ index: SystemStatus.IndexFacts, into json: inout JSONText) {
    json.member("file", index.url.path)
    json.member("bytes", index.bytes)
    json.member("bundles", index.totals.bundles)
    json.member("dialogues", index.totals.dialogues)
    json.member("utterances", index.totals.utterances)
    json.member("failures", index.failures)
    json.object("probes") { json in
      json.member("done", index.probes.done)
      json.member("pending", index.probes.pending)
      json.member("skipped", index.probes.skipped)
      json.member("unasked", index.probes.unasked)
    }
    json.member("last_bundle", index.last?.name)
    json.member("last_scored", index.last.map { TimeText.iso($0.scored) })
  }

  /// One record per fact: `what` and `value`.
  private func writeDelimited(_ flavour: DelimitedText.Flavour) throws {
    var text = DelimitedText(flavour)
    text.record(["what", "value"])
    text.record(["daemon", status.state.rawValue])
    text.record(["activity", status.heartbeat?.activity ?? ""])
    text.record(["waiting", status.heartbeat.map { String($0.waiting) } ?? ""])
    text.record(["heard", status.heartbeat.map { TimeText.iso($0.beat) } ?? ""])
    text.record(["model", status.heartbeat?.modelName ?? ""])
    text.record(["spool", status.spool?.path ?? ""])
    for folder in status.queue?.folders ?? [] { text.record([folder.name, String(folder.count)]) }
    if let index = status.index {
      text.record(["index", index.url.path])
      text.record(["bundles", String(index.totals.bundles)])
      text.record(["utterances", String(index.totals.utterances)])
      text.record(["failures", String(index.failures)])
      text.record(["probes_done", String(index.probes.done)])
      text.record(["probes_pending", String(index.probes.pending)])
      text.record(["probes_skipped", String(index.probes.skipped)])
      text.record(["last_scored", index.last.map { TimeText.iso($0.scored) } ?? ""])
    }
    try console.drain(&text.bytes)
  }
}
