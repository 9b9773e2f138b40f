import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors

/// One of the golden configurations: its model, its dialogues and what the published code made of them.
public struct GoldenModel {
  public let name: String
  public let configuration: ModelConfiguration
  public let network: Network
  public let lengths: [Int]
  public let speakers: [Int]
  /// Each utterance's class.
  public let labels: [Int]
  /// One weight a class, for the class-weighted losses.
  public let classWeights: [Float]
  public let forward: SafetensorsFile

  /// The configurations of the golden data.
  public static let names = ["tiny", "tiny9", "iemocap", "meld"]

  public static func file(_ name: String) throws -> URL {
    guard let folder = Bundle.module.url(forResource: "Goldens", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return folder.appendingPathComponent(name)
  }

  /// - Parameter disturb: changes one tensor's values before the network is made.
  public init(_ name: String, window: Int, disturb: (String, [Float]) -> [Float] = { $1 }) throws {
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: Self.file("manifest.json")))
    guard let entry = manifest.configs[name] else { throw CocoaError(.coderValueNotFound) }
    let dims = entry.dims
    self.name = name
    configuration = ModelConfiguration(
      name: name, emotions: EmotionSet((0..<dims.n_classes).map { "class \($0)" }),
      modalities: [
        .text: ModalityConfiguration(width: dims.D_text), .visual: ModalityConfiguration(width: dims.D_visual),
        .audio: ModalityConfiguration(width: dims.D_audio),
      ], hidden: dims.hidden, encoderHeads: dims.heads, graphHeads: dims.graph_heads, window: window,
      speakers: dims.n_speakers)
    let rules = Dictionary(uniqueKeysWithValues: entry.parameters.map { ($0.name, $0) })
    let (speakerSlots, hidden) = (dims.n_speakers, dims.hidden)
    let parameters = try ParameterSet(configuration) { layout in
      guard let rule = rules[layout.name], rule.shape == layout.shape else { throw CocoaError(.coderInvalidValue) }
      var values = GoldenRule.values(
        "\(name)/w/\(layout.name)", count: layout.count, scale: rule.scale, offset: rule.offset)
      if layout.name == "speaker_embeddings.weight" {
        values.replaceSubrange((speakerSlots * hidden)..., with: [Float](repeating: 0, count: hidden))
      }
      return disturb(layout.name, values)
    }
    network = Network(configuration, parameters)
    lengths = entry.lengths
    speakers = lengths.indices.flatMap {
      Self.speakers(name, dialogue: $0, count: entry.lengths[$0], slots: speakerSlots)
    }
    labels = lengths.indices.flatMap {
      GoldenRule.integers("\(name)/lab/\($0)", count: entry.lengths[$0], below: dims.n_classes)
    }
    classWeights = dims.class_weights
    forward = try SafetensorsFile(Self.file("\(name).forward.safetensors"))
  }

  /// The given dialogues as one batch.
  public func batch(_ dialogues: [Int]) -> DialogueBatch {
    let offsets = Segments(lengths: lengths)
    let features = configuration.modalities.reduce(into: [Modality: Matrix]()) { features, entry in
      let values = dialogues.flatMap {
        GoldenRule.normal("\(name)/x/\(entry.key.rawValue)/\($0)", count: lengths[$0] * entry.value.width)
      }
      features[entry.key] = Matrix(rows: values.count / entry.value.width, columns: entry.value.width, values)
    }
    return DialogueBatch(
      segments: Segments(lengths: dialogues.map { lengths[$0] }),
      speakers: dialogues.flatMap { Array(speakers[offsets[$0]]) }, features: features,
      window: configuration.window)
  }

  /// Runs every branch over a batch; returns the branches' logits and the trace of intermediate values.
  public func run(_ batch: DialogueBatch) -> (logits: [Modality: Matrix], trace: [String: Matrix]) {
    var logits: [Modality: Matrix] = [:]
    var values: [String: Matrix] = [:]
    for branch in network.branches {
      let trace = Trace()
      let run = Computation(trace: trace)
      guard let features = batch.features[branch.modality] else { continue }
      let encoded = branch.encoded(branch.projection(run.input(features), run), batch, run)
      logits[branch.modality] = branch.logits(encoded, run).value
      values.merge(trace.values) { first, _ in first }
    }
    return (logits, values)
  }

  private static func speakers(_ name: String, dialogue: Int, count: Int, slots: Int) -> [Int] {
    switch dialogue {
    case 5: return [Int](repeating: 1, count: count)
    case 6: return (0..<count).map { $0 < count / 2 ? 0 : 1 }
    default:
      let bound = slots == 2 ? 2 : [1, 2, 3, 9, 5][dialogue]
      return GoldenRule.integers("\(name)/spk/\(dialogue)", count: count, below: bound)
    }
  }
}
