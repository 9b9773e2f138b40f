import Foundation
import TestFolders
import Testing

@testable import Transcripts

/// A thousand damaged copies of every sample: each gives a transcript that keeps its promises, or an error that names
/// the file.
struct MutationTests {
  private static let marks = Array("<>&:;,\"'[]{}()\n\r\t -–\u{FEFF}\\/0A\0".utf8)

  @Test(arguments: Sample.names)
  func damagedFilesGiveATranscriptOrAnError(_ name: String) throws {
    let sound = [UInt8](try Sample.data(name))
    var random = RepeatableRandom(UInt64(sound.count))
    for _ in 0..<1_000 {
      let data = Data(random.mutated(sound, marks: Self.marks))
      do {
        let transcript = try TranscriptReader.read(data, name: name)
        #expect(!transcript.utterances.isEmpty)
        #expect(transcript.utterances.allSatisfy(Self.isClean), "\(transcript.lines)")
        let dialogues = TranscriptDialogues(transcript)
        #expect(dialogues.utterances.count == transcript.utterances.count)
        #expect(dialogues.dialogues.last?.rows.upperBound == dialogues.utterances.count)
      } catch let error as TranscriptError {
        #expect(error.explanation.location?.hasPrefix(name) == true)
      }
    }
  }

  /// Whether the words are on one line, times are finite, and speakers have names.
  private static func isClean(_ row: TranscriptUtterance) -> Bool {
    let controls = { (text: String) in text.unicodeScalars.contains { $0.value < 0x20 } }
    return !controls(row.text) && !row.speakers.contains { $0.isEmpty || controls($0) }
      && (row.start?.isFinite ?? true) && (row.end?.isFinite ?? true)
      && (row.speakerSource == nil) == row.speakers.isEmpty
  }
}
