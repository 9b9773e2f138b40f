import Presentation
import ResultIndex

/// Prints failures in each format.
struct ErrorPrinter {
  private let console: Console

  init(_ console: Console) {
    self.console = console
  }

  func print(_ entries: [ErrorEntry]) throws {
    switch console.format {
    case .table: try draw(entries)
    case .json: try writeJSON(entries, isArray: true)
    case .jsonl: try writeJSON(entries, isArray: false)
    case .csv: try writeDelimited(entries, .csv)
    case .tsv: try writeDelimited(entries, .tsv)
    }
  }

  /// A paragraph each: a table would cut the very words that help.
  private func draw(_ entries: [ErrorEntry]) throws {
    for (position, entry) in entries.enumerated() {
      if position > 0 { try console.line() }
      let failure = entry.failure
      let explanation = failure.explanation
      let state = entry.failure.isResolved ? "settled" : failure.state.rawValue
      let style = entry.failure.isResolved ? Style.faint : Style(failure.state == .failed ? .red : .yellow, bold: true)
      try console.line(
        "\(console.styled(failure.name, .bold))  \(console.styled(state, style))  "
          + console.styled(TimeText.local(failure.time), .faint))
      try fact("", explanation.what)
      if let location = explanation.location, location != failure.name { try fact("at", location) }
      if let found = explanation.found { try fact("found", found) }
      if let expected = explanation.expected { try fact("expected", expected) }
      if let remedy = explanation.remedy { try fact("to do", remedy) }
      if let next = next(entry) { try fact(next.label, next.text) }
    }
  }

  private func next(_ entry: ErrorEntry) -> (label: String, text: String)? {
    if entry.failure.isResolved { return nil }
    if entry.failure.state == .deferred { return ("then", "ambd tries again by itself") }
    if let requeue = entry.requeue { return ("requeue", requeue) }
    return ("file", "no longer in failed/")
  }

  private func fact(_ label: String, _ text: String) throws {
    let padding = String(repeating: " ", count: max(0, 10 - label.count))
    try console.line("  \(console.styled(label, .faint))\(padding)\(TextWidth.visible(text))")
  }

  private func writeJSON(_ entries: [ErrorEntry], isArray: Bool) throws {
    var json = JSONText()
    if isArray { json.beginArray() }
    for (position, entry) in entries.enumerated() {
      if isArray { json.endLine(separated: position > 0) }
      json.object { encode(entry, into: &$0) }
      if !isArray { json.endLine(separated: false) }
    }
    if isArray {
      if !entries.isEmpty { json.endLine(separated: false) }
      json.endArray()
      json.endLine(separated: false)
    }
    try console.drain(&json.bytes)
  }

  private func encode(_ entry: ErrorEntry, into json: inout JSONText) {
    let explanation = entry.failure.explanation
    json.member("bundle", entry.failure.name)
    json.member("bundle_digest", entry.failure.digest)
    json.member("state", entry.failure.state.rawValue)
    json.member("resolved", entry.failure.isResolved)
    json.member("time", TimeText.iso(entry.failure.time))
    json.member("kind", explanation.kind.rawValue)
    json.member("what", explanation.what)
    json.member("location", explanation.location)
    json.member("found", explanation.found)
    json.member("expected", explanation.expected)
    json.member("remedy", explanation.remedy)
    json.member("file", entry.file?.path)
    json.member("requeue", entry.requeue)
  }

  private func writeDelimited(_ entries: [ErrorEntry], _ flavour: DelimitedText.Flavour) throws {
    var text = DelimitedText(flavour)
    text.record([
      "bundle", "bundle_digest", "state", "resolved", "time", "kind", "what", "location", "found", "expected", "remedy",
      "file", "requeue",
    ])
    for entry in entries {
      let explanation = entry.failure.explanation
      text.field(entry.failure.name)
      text.field(entry.failure.digest)
      text.field(entry.failure.state.rawValue)
      text.field(entry.failure.isResolved ? "true" : "false")
      text.field(TimeText.iso(entry.failure.time))
      text.field(explanation.kind.rawValue)
      text.field(explanation.what)
      text.field(explanation.location)
      text.field(explanation.found)
      text.field(explanation.expected)
      text.field(explanation.remedy)
      text.field(entry.file?.path)
      text.field(entry.requeue)
      text.endRecord()
    }
    try console.drain(&text.bytes)
  }
}
