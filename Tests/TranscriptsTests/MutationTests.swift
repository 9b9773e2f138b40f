import Foundation
import Testing

@testable import Transcripts

/// A thousand damaged copies of every sample: each gives a transcript that keeps its promises, or an error that names
/// the file.
struct MutationTests {
  @Test(arguments: Sample.names)
  func damagedFilesGiveATranscriptOrAnError(_ name: String) throws {
    let sound = [UInt8](try Sample.data(name))
    var dice = Dice(state: UInt64(sound.count))
    for _ in 0..<1_000 {
      let data = Data(dice.mutate(sound))
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

/// SplitMix64: the same mutations on every run.
private struct Dice {
  var state: UInt64
  private static let marks = Array("<>&:;,\"'[]{}()\n\r\t -–\u{FEFF}\\/0A\0".utf8)

  init(state: UInt64) { self.state = state }

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((bits ^ (bits >> 31)) % UInt64(bound))
  }

  /// The bytes with a few of them changed, cut out, doubled, moved, or replaced by marks of the grammars.
  mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...next(below: 5) where !result.isEmpty {
      let position = next(below: result.count)
      let length = min(result.count - position, 1 + next(below: next(below: 8) == 0 ? 200 : 6))
      switch next(below: 7) {
      case 0: result[position] = UInt8(next(below: 256))
      case 1: result[position] ^= 1 << UInt8(next(below: 8))
      case 2: result.removeSubrange(position..<position + length)
      case 3: result.insert(contentsOf: result[position..<position + length], at: position)
      case 4: result.swapAt(position, next(below: result.count))
      case 5: result[position] = Self.marks[next(below: Self.marks.count)]
      default: result.insert(contentsOf: result[position..<position + length], at: next(below: result.count))
      }
    }
    return result
  }
}
