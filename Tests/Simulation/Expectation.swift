import AMBDSGDN
import BundleScoring
import DialogueBundles
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Presentation
import Synchronization
import Tensors

/// What the daemon should make of a text.
enum Expectation {
  private static let known = Mutex<[String: [String: [UInt8]]]>([:])

  static func digest(_ text: String) -> String { FileDigest.sha256(Data(text.utf8)) }

  /// The dialogues that stand for a text: as many utterances as it has letters in its last word.
  static func reading(_ text: String) -> BundleReading {
    let count = text.split(separator: " ").last?.count ?? 1
    let width = SimulatedDaemon.model.configuration.modalities[.text]?.width ?? 1
    let values = CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: text), count: count * width)
    let table = FeatureTable(width: width, values: values, missing: [Bool](repeating: false, count: count))
    let bundle = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<count)],
      utterances: (0..<count).map { Utterance(id: "\(text)#\($0)", speaker: "A") }, features: [.text: table])
    return BundleReading(bundle: bundle, digest: digest(text), byteCount: text.utf8.count)
  }

  /// The label files of a text, below the path that its labels have: one of no name, or those of a folder.
  static func labels(_ text: String, asFolder: Bool, probed: Bool) throws -> [String: [UInt8]] {
    let key = "\(asFolder) \(probed) \(text)"
    if let labels = known.withLock({ $0[key] }) { return labels }
    let reading = reading(text)
    let scored: ScoredBundle
    if probed {
      let plan = try ProbePlan(levels: [0, 1], seeds: [1], probes: [.noise])
      scored = try BundleProber(SimulatedDaemon.model, threads: 1)
        .probe(reading.bundle, name: "", digest: reading.digest, plan: plan).scored
    } else {
      scored = try BundleScorer(SimulatedDaemon.model, threads: 1).score(
        reading.bundle, name: "", digest: reading.digest)
    }
    var labels: [String: [UInt8]] = [:]
    if asFolder {
      for row in scored.utterances {
        let path = SafeFileName.of(row.dialogue) + "/" + SafeFileName.of(row.utterance) + ".json"
        labels[path] = Array((LabelObject.render(row, scored.emotions) + "\n").utf8)
      }
    } else {
      labels[""] = Array(LabelTable.render(scored).utf8)
    }
    known.withLock { $0[key] = labels }
    return labels
  }
}
