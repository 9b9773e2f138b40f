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
  private let parts: GoldenParts

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
    let parts = try GoldenParts.of(name)
    let dims = parts.entry.dims
    self.name = name
    self.parts = parts
    configuration = ModelConfiguration(
      name: name, emotions: EmotionSet((0..<dims.n_classes).map { "class \($0)" }),
      modalities: dims.widths.mapValues { ModalityConfiguration(width: $0) }, hidden: dims.hidden,
      encoderHeads: dims.heads, graphHeads: dims.graph_heads, window: window, speakers: dims.n_speakers)
    let parameters = try ParameterSet(configuration) { layout in
      guard let weight = parts.weights[layout.name], weight.shape == layout.shape else {
        throw CocoaError(.coderInvalidValue)
      }
      return disturb(layout.name, weight.values)
    }
    network = Network(configuration, parameters)
    lengths = parts.entry.lengths
    speakers = parts.speakers
    labels = parts.labels
    classWeights = dims.class_weights
    forward = parts.forward
  }

  /// The given dialogues as one batch.
  public func batch(_ dialogues: [Int]) -> DialogueBatch {
    let offsets = Segments(lengths: lengths)
    let features = configuration.modalities.reduce(into: [Modality: Matrix]()) { features, entry in
      let values = dialogues.flatMap { parts.features[entry.key]?[$0] ?? [] }
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
}
