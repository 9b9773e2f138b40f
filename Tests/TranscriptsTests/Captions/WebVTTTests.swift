import Testing

@testable import Transcripts

struct WebVTTTests {
  @Test func zoomWritesNamesBeforeTheWords() throws {
    let transcript = try Sample.read("zoom.vtt")
    #expect(transcript.format == .webVTT)
    #expect(transcript.program == "Zoom")
    #expect(
      transcript.lines == [
        "2.1-5.94 Marta Lindqvist: Right, is everybody here? Then let us begin with the budget.",
        "6.3-11.4 Jonas Weber: One thing first: the figures I sent on Monday were wrong.",
        "11.05-12.0 Marta Lindqvist: Wrong?",
        "12.6-15.0 Jonas Weber: By about a tenth. I am really sorry.",
      ])
    #expect(transcript.utterances.allSatisfy { $0.speakerSource == .prefix })
    #expect(transcript.utterances[2].place == SourcePlace(line: 16, id: "4"))
    #expect(transcript.warns("starts before the row above it has ended (line 16)"))
  }

  @Test func teamsWritesVoices() throws {
    let transcript = try Sample.read("teams.vtt")
    #expect(transcript.program == "Microsoft Teams")
    #expect(
      transcript.turns == [
        "Osei, Abena: I have read your proposal, and I like it.", "Osei, Abena: Most of it, anyway.",
        "Tom+Lucy: Only most of it?",
      ])
    #expect(transcript.utterances.allSatisfy { $0.speakerSource == .tag })
  }

  @Test func webexWritesNamesIntoIdentifiers() throws {
    let transcript = try read(
      """
      WEBVTT

      1 "Nora Example" (1160826624)
      00:00:02.520 --> 00:00:04.100
      Can you see my screen?

      2 "" (0)
      00:00:05.000 --> 00:00:06.000
      Not yet.
      """)
    #expect(transcript.program == "Webex")
    #expect(transcript.turns == ["Nora Example: Can you see my screen?", "?: Not yet."])
    #expect(transcript.utterances[0].speakerSource == .identifier)
  }

  @Test func identifiersMayNumberSpeakers() throws {
    let text = "WEBVTT\n\nSpeaker 1\n00:01.000 --> 00:02.000\nHey there.\n\nSpeaker 2\n00:03.000 --> 00:04.000\nHi.\n"
    #expect(try read(text).turns == ["Speaker 1: Hey there.", "Speaker 2: Hi."])
  }

  @Test func voicesMayHaveClassesAndShareACue() throws {
    let transcript = try read(
      captions(["<v.loud.first Esme>It's a blue apple tree!</v>\n<v Mary>No way!", "<v ->Hee!</v> <i>laughter</i>"]))
    #expect(transcript.turns == ["Esme: It's a blue apple tree!", "Mary: No way!", "?: Hee!", "?: laughter"])
    #expect(transcript.lines[1].hasPrefix("0.0-1.0 Mary"))
  }

  @Test func aNameInTheVoiceAndBeforeTheWordsIsOne() throws {
    #expect(try read(captions(["<v Ida>Ida: Yes.", "<v Ida>Per: no."])).turns == ["Ida: Yes.", "Ida: Per: no."])
  }

  @Test func hoursMayBeLeftOutAndSettingsFollow() throws {
    let transcript = try read(
      "WEBVTT\n\n01:02.500 --> 100:00:03.250 align:start position:10% line:84%\nWell.\n\n1:00:00,5 --> 1:00:01\nSo.\n")
    #expect(transcript.lines == ["62.5-360003.25 ?: Well.", "3600.5-3601.0 ?: So."])
  }

  @Test func notesStylesAndRegionsAreLeftOut() throws {
    let transcript = try read(
      """
      WEBVTT - a title
      Language: en

      STYLE
      ::cue { color: red }

      REGION
      id:fred

      NOTE one line
      and another

      NOTE
      00:00.000 --> 00:01.000
      A cue whose identifier is NOTE.

      00:02.000 --> 00:03.000
      It's interesting to
      note that this is no note.
      """)
    #expect(
      transcript.turns == ["?: A cue whose identifier is NOTE.", "?: It's interesting to note that this is no note."])
    #expect(transcript.leftOut == ["style": 1, "region": 1, "note": 1])
  }

  @Test func markupGoesAndEntitiesAreLetters() throws {
    let transcript = try read(
      captions([
        "<c.yellow>Tom &amp; <b>I</b></c> <00:00:00.500>said 5 < 6,&nbsp;I <3 you &#39;n&#x27; &unknown; {\\an8}me.",
        "One<br>two {really}.",
      ]))
    #expect(transcript.turns == ["?: Tom & I said 5 < 6, I <3 you 'n' &unknown; me.", "?: One two {really}."])
  }

  @Test func oneOddLineNeverCostsTheFile() throws {
    let transcript = try read(
      """
      WEBVTT

      00:00:01.000 --> later
      First.

      00:00:xx.000 --> 00:00:04.000
      Second.
      00:00:05.000 --> 00:00:06.000
      Third, without a blank line before it.

      behind a blank line

      00:00:09.000 --> 00:00:08.000
      Fourth, backwards.
      """)
    #expect(
      transcript.lines == [
        "1.0-? ?: First.", "?-4.0 ?: Second.",
        "5.0-6.0 ?: Third, without a blank line before it. behind a blank line", "9.0-8.0 ?: Fourth, backwards.",
      ])
    #expect(transcript.warns("A time cannot be read and is left absent"))
    #expect(transcript.warns("Text stands behind a blank line"))
    #expect(transcript.utterances[3].endsBeforeStart)
    #expect(transcript.warns("A row ends before it starts; its times are kept as written (line 13)"))
  }

  @Test func emptyCuesKeepTheirRows() throws {
    let transcript = try read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n2\n00:03.000 --> 00:04.000\nYes.\n")
    #expect(transcript.lines == ["1.0-2.0 ?: ", "3.0-4.0 ?: Yes."])
    #expect(transcript.utterances.map(\.isSpeech) == [false, true])
    #expect(transcript.utterances.map(\.place.id) == ["1", "2"])
    #expect(transcript.warns("A row has no words"))
  }

  @Test func theFirstLineMayBeMissing() throws {
    let transcript = try read("00:01.000 --> 00:02.000\n<v Ida>Yes.\n")
    #expect(transcript.format == .webVTT)
    #expect(transcript.turns == ["Ida: Yes."])
    #expect(transcript.warns("WEBVTT is missing"))
  }

  @Test func timesOfTheDayAreKeptAndSaid() throws {
    let transcript = try read(
      "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n14:03:22.000 --> 14:03:23.000\nHi.\n")
    #expect(transcript.utterances[0].start == 50_602)
    #expect(transcript.warns("The first row starts at 14:03:22.0"))
    #expect(transcript.warns("X-TIMESTAMP-MAP"))
  }
}
