import Presentation
import ResultIndex

/// Prints bundles in each format.
struct BundlePrinter {
  private let console: Console

  init(_ console: Console) {
    self.console = console
  }

  func print(_ entries: [BundleEntry]) throws {
    switch console.format {
    case .table: if !entries.isEmpty { try draw(entries) }
    case .json: try writeJSON(entries, isArray: true)
    case .jsonl: try writeJSON(entries, isArray: false)
    case .csv: try writeDelimited(entries, .csv)
    case .tsv: try writeDelimited(entries, .tsv)
    }
  }

  private func draw(_ entries: [BundleEntry]) throws {
    var columns = [
      Table.Column("BUNDLE", shrinksTo: 12), Table.Column("STATE"), Table.Column("UTTERANCES", .right),
      Table.Column("DIALOGUES", .right, droppable: 2), Table.Column("MODEL", shrinksTo: 8, droppable: 3),
      Table.Column("TIME"), Table.Column("SECONDS", .right, droppable: 4),
    ]
    let hasProbes = entries.contains { $0.probe != nil }
    if hasProbes { columns.append(Table.Column("PROBE")) }
    let hasFailures = entries.contains { $0.failure != nil }
    if hasFailures { columns.append(Table.Column("REASON", shrinksTo: 16)) }
    let rows = entries.map { entry in
      let bundle = entry.bundle
      var cells = [
        Table.Cell(entry.title), Table.Cell(entry.state.rawValue, style(entry.state)),
        Table.Cell(bundle.map { NumberText.count($0.utterances) } ?? ""),
        Table.Cell(bundle.map { NumberText.count($0.dialogues) } ?? ""), Table.Cell(bundle?.modelName ?? "", .faint),
        Table.Cell(TimeText.local(entry.time), .faint),
        Table.Cell(bundle.map { NumberText.decimal($0.seconds) } ?? "", .faint),
      ]
      if hasProbes { cells.append(Table.Cell(entry.probe?.rawValue ?? "", .faint)) }
      return hasFailures ? cells + [Table.Cell(entry.failure?.what ?? "")] : cells
    }
    try console.print(columns, rows)
    if entries.contains(where: { $0.state == .failed }) {
      try console.line()
      try console.line(console.styled("'ambq errors' tells how to mend what failed.", .faint))
    }
  }

  private func style(_ state: BundleEntry.State) -> Style {
    switch state {
    case .scored: Style(.green)
    case .superseded: .faint
    case .deferred: Style(.yellow)
    case .failed: Style(.red, bold: true)
    }
  }

  private func writeJSON(_ entries: [BundleEntry], isArray: Bool) throws {
    var json = JSONText()
    if isArray { json.beginArray() }
    for (position, entry) in entries.enumerated() {
      if isArray { json.endLine(separated: position > 0) }
      json.object { encode(entry, into: &$0) }
      if !isArray { json.endLine(separated: false) }
      try console.drain(&json.bytes)
    }
    if isArray {
      if !entries.isEmpty { json.endLine(separated: false) }
      json.endArray()
      json.endLine(separated: false)
    }
    try console.drain(&json.bytes)
  }

  private func encode(_ entry: BundleEntry, into json: inout JSONText) {
    let bundle = entry.bundle
    json.member("bundle", entry.name)
    json.member("bundle_title", entry.title)
    json.member("bundle_digest", entry.digest)
    json.member("state", entry.state.rawValue)
    json.member("time", TimeText.iso(entry.time))
    json.member("model", bundle?.modelName)
    json.member("model_digest", bundle?.modelDigest)
    json.member("utterances", bundle?.utterances)
    json.member("dialogues", bundle?.dialogues)
    json.member("labelled", bundle?.labelled)
    json.member("arrived", bundle.map { TimeText.iso($0.arrived) })
    json.member("seconds", bundle?.seconds)
    json.member("bytes", bundle?.byteCount)
    json.member("label_file", bundle?.labelFile)
    json.member("probe", entry.probe?.rawValue)
    json.member("probe_reason", entry.probeReason)
    json.member("reason", entry.failure?.message)
  }

  private func writeDelimited(_ entries: [BundleEntry], _ flavour: DelimitedText.Flavour) throws {
    var text = DelimitedText(flavour)
    text.record([
      "bundle", "bundle_digest", "state", "time", "model", "model_digest", "utterances", "dialogues", "labelled",
      "arrived", "seconds", "bytes", "label_file", "probe", "probe_reason", "reason",
    ])
    for entry in entries {
      let bundle = entry.bundle
      text.field(entry.name)
      text.field(entry.digest)
      text.field(entry.state.rawValue)
      text.field(TimeText.iso(entry.time))
      text.field(bundle?.modelName)
      text.field(bundle?.modelDigest)
      text.field(bundle?.utterances)
      text.field(bundle?.dialogues)
      text.field(bundle?.labelled)
      text.field(bundle.map { TimeText.iso($0.arrived) })
      text.field(bundle?.seconds)
      text.field(bundle?.byteCount)
      text.field(bundle?.labelFile)
      text.field(entry.probe?.rawValue)
      text.field(entry.probeReason)
      text.field(entry.failure?.message)
      text.endRecord()
      try console.drain(&text.bytes)
    }
    try console.drain(&text.bytes)
  }
}
