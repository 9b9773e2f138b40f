import Testing

@testable import Transcripts

struct NonSpeechTests {
  @Test(arguments: [
    "[music]", "(door slams)", "(a) [b]", "♪ la la ♪", "♪ la la", "*sighs*", "...", "", "[inaudible].", "♪",
  ])
  func sounds(_ text: String) {
    #expect(!NonSpeech.isSpeech(text))
  }

  @Test(arguments: ["Yes.", "(softly) Yes.", "[sighs] All right", "5", "Oh (laughs)", "(never closed", "はい"])
  func speech(_ text: String) {
    #expect(NonSpeech.isSpeech(text))
  }
}
