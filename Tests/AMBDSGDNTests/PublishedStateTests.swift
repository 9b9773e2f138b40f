import DialogueDomain
import Testing

@testable import AMBDSGDN

@Suite struct PublishedStateTests {
  private let configuration = ModelConfiguration(
    name: "small", emotions: EmotionSet(["joy", "fear"]), modalities: [.text: ModalityConfiguration(width: 3)],
    hidden: 16, window: 2, speakers: 2)
  private func parameters(_ tensors: [NamedTensor]) throws -> ParameterSet {
    try PublishedState(tensors, file: "state.pt").parameters(configuration)
  }

  @Test func tensorsKeepTheirValues() throws {
    let published = ParameterSet(configuration, seed: 1).tensors
    // A speaker embedding that a model of text alone has no use for.
    let embedding = NamedTensor(name: "speaker_embeddings.weight", shape: [1], values: [0])
    let read = try parameters(published + [embedding]).tensors
    #expect(read.map(\.name) == published.map(\.name))
    #expect(read.map(\.values) == published.map(\.values))
  }

  @Test(arguments: ["module.", "_orig_mod.", "model.", "module._orig_mod.", "model.module."])
  func whatANetworkWasWrappedInIsLeftOut(wrapping: String) throws {
    let published = ParameterSet(configuration, seed: 1).tensors
    let wrapped = published.map { NamedTensor(name: wrapping + $0.name, shape: $0.shape, values: $0.values) }
    let read = try parameters(wrapped).tensors
    #expect(read.map(\.name) == published.map(\.name) && read.map(\.values) == published.map(\.values))
    // One tensor without it is not the network's.
    let error = #expect(throws: ModelError.self) {
      try parameters(wrapped + [NamedTensor(name: "optimiser.step", shape: [1], values: [1])])
    }
    #expect(try #require(error).description.contains(wrapping))
  }

  @Test func headsThatDisagreeWithTheirTwinAreRefused() throws {
    let published = ParameterSet(configuration, seed: 1).tensors
    let head = try #require(published.first { $0.name == "gatT.attention_0.W" })
    let twin = NamedTensor(name: "gatT.attentions.0.W", shape: head.shape, values: head.values)
    #expect(try parameters(published + [twin]).tensors.count == published.count)
    #expect(try parameters(published.filter { $0.name != head.name } + [twin]).tensors.count == published.count)
    let other = NamedTensor(name: twin.name, shape: head.shape, values: head.values.map { $0 + 1 })
    let error = #expect(throws: ModelError.self) { try parameters(published + [other]) }
    #expect(
      try #require(error).description.contains(
        "state.pt: gatT.attentions.0.W: the entry of a tensor is damaged; found other values than in gatT.attention_0.W"
      ))
  }

  @Test func tensorsThatAreNotFiniteAreRefused() throws {
    let published = ParameterSet(configuration, seed: 1).tensors
    let last = try #require(published.last)
    let broken = NamedTensor(name: last.name, shape: last.shape, values: last.values.map { _ in .nan })
    let error = #expect(throws: ModelError.self) { try parameters(published.dropLast() + [broken]) }
    #expect(try #require(error).description.contains("\(last.name) element 0: a weight is not a finite number"))
  }
}
