import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import Tensors

/// Where a training can be taken up again: a folder that always holds one whole state.
///
/// The tensors go to files of new names, then `checkpoint.json`, which names them, replaces its predecessor in one
/// rename; only then are the old files removed. So a crash or a full disk at any point leaves the last one usable.
struct Checkpoint {
  /// `checkpoint.json`.
  struct Header: Codable {
    var format = "amb-dsgdn-checkpoint"
    var version = 1
    var epoch: Int
    var step: Int
    var progress: Adam.Progress
    var record: TrainingRecord
    /// What the training must share with the one that goes on from here.
    var identity: Identity
    var stateFile: String
    var bestFile: String
  }

  /// Data, recipe and seed of a training.
  struct Identity: Codable, Hashable {
    var trainingDigest: String
    var validationDigest: String
    var seed: UInt64
    var recipe: [String: JSONValue]
    /// Of the probabilities that a set teaches; nil where labels alone do.
    var teachingDigest: String?

    var fingerprint: String {
      let keys = recipe.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.asText)" }
      return FileDigest.sha256(
        Data(([trainingDigest, validationDigest, "\(seed)"] + keys).joined(separator: "\n").utf8))
    }
  }

  let folder: URL
  let identity: Identity

  private var headerURL: URL { Self.header(in: folder) }

  var exists: Bool { Self.exists(in: folder) }

  /// Whether a folder holds a checkpoint, of whatever training.
  static func exists(in folder: URL) -> Bool { FileManager.default.fileExists(atPath: header(in: folder).path) }

  private static func header(in folder: URL) -> URL { folder.appendingPathComponent("checkpoint.json") }

  /// Writes the state durably.
  ///
  /// - Throws: `StorageError`; the previous checkpoint is then untouched.
  func write(_ state: TrainingState) throws {
    try DurableFile.makeFolder(folder)
    let stateFile = "state-\(state.epoch).safetensors"
    let bestFile = "best-\(state.record.best?.epoch ?? 0).safetensors"
    try write(state.matrices, to: stateFile)
    if state.record.best?.epoch ?? 0 == state.epoch { try write(state.bestMatrices, to: bestFile) }
    let header = Header(
      epoch: state.epoch, step: state.step, progress: state.progress, record: state.record, identity: identity,
      stateFile: stateFile, bestFile: bestFile)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(encoder.encode(header), to: headerURL)
    removeFiles(except: [stateFile, bestFile])
  }

  /// Brings a fresh state to where the checkpoint left off.
  ///
  /// - Throws: `TrainingError` where there is no checkpoint, it is damaged or it belongs to another training.
  func read(into state: TrainingState) throws {
    guard exists else { throw TrainingError.checkpointMissing(folder: folder.path) }
    let json = try MappedFile(headerURL).withBytes { Data($0) }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: json)
    } catch {
      throw TrainingError.checkpointDamaged(file: headerURL.path, found: "a header that cannot be read")
    }
    try requireSame(header.identity)
    try read(state.matrices, from: header.stateFile)
    try read(state.bestMatrices, from: header.bestFile)
    guard header.progress.steps.count == state.progress.steps.count else {
      throw TrainingError.checkpointDamaged(file: headerURL.path, found: "another number of parameters")
    }
    state.epoch = header.epoch
    state.step = header.step
    state.progress = header.progress
    state.record = header.record
  }

  private func requireSame(_ other: Identity) throws {
    func require(_ what: String, _ found: String, _ expected: String) throws {
      guard found == expected else {
        throw TrainingError.checkpointDiffers(file: headerURL.path, what: what, found: found, expected: expected)
      }
    }
    try require("training data", other.trainingDigest, identity.trainingDigest)
    try require("validation data", other.validationDigest, identity.validationDigest)
    try require("teaching", other.teachingDigest ?? "none", identity.teachingDigest ?? "none")
    try require("seed", "\(other.seed)", "\(identity.seed)")
    for (key, value) in identity.recipe.sorted(by: { $0.key < $1.key }) where !Self.agree(value, other.recipe[key]) {
      try require(key, other.recipe[key]?.asText ?? "nothing", value.asText)
    }
  }

  /// A file does not tell 1 from 1.0.
  private static func agree(_ left: JSONValue, _ right: JSONValue?) -> Bool {
    if let left = left.asNumber, let right = right?.asNumber { return left == right }
    if case .array(let ours) = left, case .array(let theirs)? = right {
      return ours.count == theirs.count && zip(ours, theirs).allSatisfy(agree)
    }
    return left == right
  }

  private func write(_ matrices: [(name: String, value: Matrix)], to file: String) throws {
    let tensors = matrices.map {
      NamedTensor(name: $0.name, shape: [$0.value.rows, $0.value.columns], values: $0.value.values)
    }
    try SafetensorsWriter.write(tensors, to: folder.appendingPathComponent(file))
  }

  private func read(_ matrices: [(name: String, value: Matrix)], from file: String) throws {
    let url = folder.appendingPathComponent(file)
    let stored = try SafetensorsFile(url)
    for (name, matrix) in matrices {
      guard stored.entries[name]?.shape == [matrix.rows, matrix.columns], let values = stored.floats(name) else {
        throw TrainingError.checkpointDamaged(file: url.path, found: "no \(name) of \(matrix.rows)×\(matrix.columns)")
      }
      matrix.assign(Matrix(rows: matrix.rows, columns: matrix.columns, values))
    }
  }

  private func removeFiles(except kept: [String]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasSuffix(".safetensors") && !kept.contains(name) {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }
}

/// All that changes while a network is trained; with the data, the recipe and the seed it decides every later byte.
final class TrainingState {
  let parameters: ParameterSet
  let optimiser: Adam
  var progress: Adam.Progress
  /// The running average of the parameters, where the recipe asks for one.
  let average: ParameterSet?
  /// What the best epoch validated.
  let best: ParameterSet
  /// Epochs done.
  var epoch = 0
  /// Steps done.
  var step = 0
  var record = TrainingRecord()

  init(_ parameters: ParameterSet, averages: Bool) {
    self.parameters = parameters
    optimiser = Adam(parameters.all)
    progress = Adam.Progress(parameters: parameters.all.count)
    average = averages ? parameters.copy() : nil
    best = parameters.copy()
  }

  /// What is validated and kept.
  var validated: ParameterSet { average ?? parameters }

  func updateAverage(decay: Double) {
    guard let average else { return }
    // Early on the average leans on what has been seen so far rather than on the initialisation.
    let share = max(1 - decay, 1 / Double(step + 1))
    for (mean, parameter) in zip(average.all, parameters.all) {
      mean.value.move(towards: parameter.value, by: Float(share))
    }
  }

  func keepBest() {
    for (kept, parameter) in zip(best.all, validated.all) { kept.value.assign(parameter.value) }
  }

  /// Every matrix of the state by name, in a fixed order, but for the best epoch's.
  var matrices: [(name: String, value: Matrix)] {
    let names = parameters.layouts.map(\.name)
    var all = zip(names, parameters.all).map { (name: "weight/\($0)", value: $1.value) }
    all += zip(names, optimiser.slots).map { (name: "first_moment/\($0)", value: $1.first) }
    all += zip(names, optimiser.slots).map { (name: "second_moment/\($0)", value: $1.second) }
    if let average { all += zip(names, average.all).map { (name: "average/\($0)", value: $1.value) } }
    return all
  }

  var bestMatrices: [(name: String, value: Matrix)] {
    zip(best.layouts.map(\.name), best.all).map { (name: "best/\($0)", value: $1.value) }
  }
}
