import Testing

@testable import Transcripts

struct TierRoleTests {
  @Test(arguments: [
    ("Anna", TierRole.Content.speech, "Anna"), ("Anna Berg", .speech, "Anna Berg"), ("Speaker 1", .speech, "Speaker 1"),
    ("SPEAKER_00", .speech, "SPEAKER_00"), ("Anna - utterances", .speech, "Anna"), ("tx@Ama", .speech, "Ama"),
    ("Anna - words", .finer, "Anna"), ("words@Anna", .finer, "Anna"), ("Ben (notes)", .remarks, "Ben"),
    ("Anna-gesture", .remarks, "Anna"), ("Anna - confidence", .remarks, "Anna"), ("A", .speech, "A"),
  ])
  func tiersOfSomebody(_ name: String, _ content: TierRole.Content, _ speaker: String) {
    let role = TierRole(name)
    #expect(role.content == content)
    #expect(role.speaker == speaker)
  }

  @Test(arguments: [
    ("default", TierRole.Content.speech), ("text", .speech), ("utterances 1", .speech), ("", .speech),
    ("words", .finer),
    ("phones", .finer), ("comments", .remarks), ("Notes", .remarks),
  ])
  func tiersOfNobody(_ name: String, _ content: TierRole.Content) {
    let role = TierRole(name)
    #expect(role.content == content)
    #expect(role.speaker == nil)
  }
}
