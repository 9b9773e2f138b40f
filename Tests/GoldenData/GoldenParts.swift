import AMBDSGDN
import DialogueDomain
import Foundation

/// The numbers of one golden configuration, as the published code had them.
///
/// Generated once in a process, however many suites ask: a full-size configuration has 13 million weights. A network made
/// of them has copies, so that a test may train it.
struct GoldenParts: Sendable {
  let entry: Manifest.Configuration
  /// By the published names.
  let weights: [String: (shape: [Int], values: [Float])]
  /// Each dialogue's rows.
  let features: [Modality: [[Float]]]
  let speakers: [Int]
  let labels: [Int]
  let forward: SafetensorsFile

  private static let tiny = Result { try GoldenParts("tiny") }
  private static let tiny9 = Result { try GoldenParts("tiny9") }
  private static let iemocap = Result { try GoldenParts("iemocap") }
  private static let meld = Result { try GoldenParts("meld") }

  static func of(_ name: String) throws -> GoldenParts {
    switch name {
    case "tiny": try tiny.get()
    case "tiny9": try tiny9.get()
    case "iemocap": try iemocap.get()
    case "meld": try meld.get()
    default: throw CocoaError(.coderValueNotFound)
    }
  }

  private init(_ name: String) throws {
    guard let entry = try Manifest.golden().configs[name] else { throw CocoaError(.coderValueNotFound) }
    let (dims, lengths) = (entry.dims, entry.lengths)
    var weights: [String: (shape: [Int], values: [Float])] = [:]
    for rule in entry.parameters {
      let count = rule.shape.reduce(1, *)
      var values = GoldenRule.values("\(name)/w/\(rule.name)", count: count, scale: rule.scale, offset: rule.offset)
      if rule.name == "speaker_embeddings.weight" {
        values.replaceSubrange((count - dims.hidden)..., with: [Float](repeating: 0, count: dims.hidden))
      }
      weights[rule.name] = (rule.shape, values)
    }
    self.entry = entry
    self.weights = weights
    var features: [Modality: [[Float]]] = [:]
    for (modality, width) in dims.widths {
      features[modality] = lengths.indices.map {
        GoldenRule.normal("\(name)/x/\(modality.rawValue)/\($0)", count: lengths[$0] * width)
      }
    }
    self.features = features
    speakers = lengths.indices.flatMap {
      Self.speakers(name, dialogue: $0, count: lengths[$0], slots: dims.n_speakers)
    }
    labels = lengths.indices.flatMap {
      GoldenRule.integers("\(name)/lab/\($0)", count: lengths[$0], below: dims.n_classes)
    }
    forward = try SafetensorsFile(GoldenModel.file("\(name).forward.safetensors"))
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
