import Testing

@testable import DialogueDomain

struct NamedTensorTests {
  @Test func aBrainFloatIsTheUpperHalfOfASingle() {
    #expect(Float(brainFloat: 0x3F80) == 1)
    #expect(Float(brainFloat: 0xC040) == -3)
    #expect(Float(brainFloat: 0x7F80) == .infinity)
    #expect(Float(brainFloat: 0x0001) == Float(bitPattern: 0x0001_0000))
  }
}
