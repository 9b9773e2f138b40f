import DialogueDomain
import Foundation
import OperatingSystem
import Transcripts

/// The labels of a file that `ambq export` wrote and somebody has changed.
struct JudgedFile {
  let labels: [JudgedLabel]

  /// The endings of the files that are understood, for people.
  static let formats = "an export as .jsonl, .csv, .json of Label Studio, .eaf or .TextGrid"
  /// More bytes than this are no export that somebody has gone through.
  static let mostBytes = 64 << 20

  /// - Parameters:
  ///   - name: the file's, whose ending tells the format.
  ///   - dialogue: the dialogue that a TextGrid is of, or whose labels alone count; nil: a TextGrid's is what its mark says,
  ///     else what the file is called.
  /// - Throws: `ExportError`, `TranscriptError` for a file that cannot be understood, `StorageError` where it cannot be read.
  init(_ data: Data, name: String, dialogue: String?) throws {
    let found: [JudgedLabel]
    switch (name as NSString).pathExtension.lowercased() {
    case "jsonl", "ndjson": found = try Self.lines(data, name)
    case "csv", "tsv": found = try Self.table(data, name)
    case "json": found = try LabelStudioAnnotations(data, name).labels
    case "eaf", "textgrid":
      found = try Self.tiers(data, name, dialogue: dialogue ?? String(name.dropLast(InputKind.ending(of: name).count)))
    case "vtt", "srt": throw ExportError.captions(name)
    default: throw ExportError.noExport(name, expected: Self.formats)
    }
    labels = dialogue.map { name in found.filter { $0.dialogue == name } } ?? found
  }

  /// The bytes of a file, each line with its end.
  ///
  /// - Throws: `ExportError` for one that is too large, `StorageError` where it cannot be read.
  static func content(_ url: URL) throws -> Data {
    let lines = try FileLines(url)
    var data = Data()
    while let line = try lines.next() {
      data.append(contentsOf: line)
      data.append(UInt8(ascii: "\n"))
      guard data.count <= mostBytes else { throw ExportError.tooLarge(url.path, limit: mostBytes) }
    }
    return data
  }

  /// JSON Lines as `ambq export` and `ambq list` write them.
  private static func lines(_ data: Data, _ name: String) throws -> [JudgedLabel] {
    var labels: [JudgedLabel] = []
    let decoder = JSONDecoder()
    for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      guard let row = try? decoder.decode(Row.self, from: Data(line)) else {
        throw ExportError.noLabel(name, line: index + 1, expected: "a JSON object with \"dialogue\" and \"utterance\"")
      }
      labels.append(row.label(line: index + 1))
    }
    return labels
  }

  /// CSV as `ambq export` writes it, or as a spreadsheet has written it since.
  private static func table(_ data: Data, _ name: String) throws -> [JudgedLabel] {
    guard let table = try TextTable(data, name: name, withColumn: "dialogue") else {
      throw ExportError.noLabel(name, line: 1, expected: "a first line that names the columns, dialogue among them")
    }
    return try table.records.map { record in
      func field(_ column: String) -> String? {
        guard let place = table.columns.firstIndex(of: column), place < record.fields.count else { return nil }
        let text = record.fields[place]
        // What --csv-safe has put before a formula.
        return text.hasPrefix("'") && text.dropFirst().first.map("=+-@＝＋－＠".contains) == true
          ? String(text.dropFirst()) : text
      }
      func told(_ column: String) -> String? { field(column).flatMap { $0.isEmpty ? nil : $0 } }
      guard let dialogue = told("dialogue"), let utterance = told("utterance") ?? told("turn") else {
        throw ExportError.noLabel(name, line: record.line, expected: "a dialogue, and an utterance or a turn")
      }
      return JudgedLabel(
        line: record.line, bundleDigest: told("bundle_digest"), modelDigest: told("model_digest"), dialogue: dialogue,
        place: .utterance(utterance), emotion: field("emotion"), truth: field("truth"),
        truthTime: told("corrected_at").flatMap(JudgedTime.date))
    }
  }

  private static func tiers(_ data: Data, _ name: String, dialogue: String) throws -> [JudgedLabel] {
    let file = try AnnotationTiers(data, name: name)
    let properties =
      file.tiers.first { $0.name == TextGridMark.title }.flatMap { TextGridMark($0.entries)?.properties }
      ?? file.properties
    let emotions = file.tiers.filter { EmotionTierPlaces.isEmotionTier($0.name) }
    guard !emotions.isEmpty else {
      throw ExportError.noLabel(name, line: 1, expected: "tiers called as 'Anna - emotion', as ambq export makes them")
    }
    return emotions.flatMap { tier in
      tier.entries.compactMap { entry in
        guard let start = entry.start, let end = entry.end, abs(start) < 1e9, abs(end) < 1e9 else { return nil }
        let emotion = entry.text.trimmingCharacters(in: .whitespacesAndNewlines)
        // The silence between turns.
        guard !emotion.isEmpty else { return nil }
        return JudgedLabel(
          line: entry.line, bundleDigest: properties[ExportMark.digest],
          modelDigest: properties[ExportMark.model], dialogue: properties[ExportMark.dialogue] ?? dialogue,
          place: .tier(tier.name, start: Int((start * 1000).rounded()), end: Int((end * 1000).rounded())),
          emotion: emotion)
      }
    }
  }

  /// The members of an utterance's object that count here.
  private struct Row: Decodable {
    var dialogue: String
    var utterance: String
    var emotion: String?
    var truth: String?
    var correctedAt: String?
    var bundleDigest: String?
    var modelDigest: String?

    enum CodingKeys: String, CodingKey {
      case dialogue, utterance, emotion, truth
      case correctedAt = "corrected_at"
      case bundleDigest = "bundle_digest"
      case modelDigest = "model_digest"
    }

    func label(line: Int) -> JudgedLabel {
      JudgedLabel(
        line: line, bundleDigest: bundleDigest, modelDigest: modelDigest, dialogue: dialogue,
        place: .utterance(utterance), emotion: emotion, truth: truth,
        truthTime: correctedAt.flatMap(JudgedTime.date))
    }
  }
}

/// Times as exports have them.
enum JudgedTime {
  static func date(_ text: String) -> Date? {
    (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
      ?? (try? Date.ISO8601FormatStyle().parse(text))
  }
}
