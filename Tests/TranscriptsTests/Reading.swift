import Foundation

@testable import Transcripts

/// Reads a text as a file of this name.
func read(
  _ text: String, _ name: String = "talk.vtt", _ options: TranscriptOptions = TranscriptOptions()
) throws -> Transcript {
  try TranscriptReader.read(Data(text.utf8), name: name, options: options)
}

/// Options under which cues stay as they are.
let unjoined = TranscriptOptions(joinsSentences: false)

/// The files of `Samples`, written for these tests.
enum Sample {
  static let names = [
    "zoom.vtt", "teams.vtt", "rolling.vtt", "film.srt", "whisperx.json", "whisper.json", "deepgram.json",
    "assemblyai.json", "aws.json", "google.json", "village.eaf", "long.TextGrid", "short.TextGrid", "kitchen.cha",
    "dialogues.csv", "lamp.tsv", "otter.txt", "scene.txt",
  ]

  static func data(_ name: String) throws -> Data {
    try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Samples").appendingPathComponent(name))
  }

  static func read(_ name: String, _ options: TranscriptOptions = TranscriptOptions()) throws -> Transcript {
    try TranscriptReader.read(data(name), name: name, options: options)
  }
}

extension Transcript {
  /// Each row as `start-end speaker: words`, with `?` for what is absent.
  var lines: [String] {
    utterances.map { row in
      let time = { (time: Double?) in time.map { "\($0)" } ?? "?" }
      let who = row.speakers.isEmpty ? "?" : row.speakers.joined(separator: "+")
      return "\(time(row.start))-\(time(row.end)) \(who): \(row.text)"
    }
  }

  /// Each row as `speaker: words`.
  var turns: [String] {
    utterances.map { "\($0.speakers.isEmpty ? "?" : $0.speakers.joined(separator: "+")): \($0.text)" }
  }

  func warns(_ words: String) -> Bool { warnings.contains { $0.contains(words) } }
}

/// A WebVTT file of cues that are a second long and follow each other.
func captions(_ payloads: [String]) -> String {
  let cues = payloads.enumerated().map { index, payload in
    "\(clock(index)) --> \(clock(index + 1))\n\(payload)\n"
  }
  return "WEBVTT\n\n" + cues.joined(separator: "\n")
}

private func clock(_ second: Int) -> String {
  let pair = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
  return "\(pair(second / 3600)):\(pair(second / 60 % 60)):\(pair(second % 60)).000"
}
