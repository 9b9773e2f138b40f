// Whoever imports this module has the words it speaks in: bundles, dialogues, modalities, scored utterances.
@_exported import DialogueDomain
import Foundation
import OperatingSystem
import Tensors

/// A trained network, or a set of them, with all it needs to score features: configuration, parameters, standardisation.
///
/// The members of a set share sizes, classes and standardisation and differ in their weights. Each branch's logits are the
/// mean over the members, L_m = (1/K) Σ_k L_m^k, so that everything said of a label's modalities holds of a set, too.
public struct Model: Sendable {
  /// What `config.json` says.
  public private(set) var configuration: ModelConfiguration
  /// The networks with their weights: one, or the members of a set.
  public let members: [Network]
  /// A modality whose features enter as they are has no entry.
  public let standardisation: [Modality: Standardisation]
  /// SHA-256 over `config.json` and `model.safetensors`, lower-case hexadecimal; in a reduced precision, over that and its name.
  public private(set) var digest: String
  /// The numbers that the networks' linear layers multiply.
  public private(set) var precision = Precision.single

  /// A network in memory, as training and benchmarks have it.
  public init(network: Network, standardisation: [Modality: Standardisation] = [:], digest: String = "") {
    self.init(
      network.configuration, members: [network.parameters], standardisation: standardisation, digest: digest)
  }

  /// One network, or a set, in memory.
  ///
  /// - Parameter members: each network's parameters; at least one.
  public init(
    _ configuration: ModelConfiguration, members: [ParameterSet], standardisation: [Modality: Standardisation] = [:],
    digest: String = ""
  ) {
    precondition(!members.isEmpty, "a model has a network")
    self.configuration = configuration
    self.members = members.map { Network(configuration, $0) }
    self.standardisation = standardisation
    self.digest = digest
  }

  /// The same model computed in a precision: another model to whoever compares labels, so its name and digest tell.
  ///
  /// - Parameter precision: single, or one that the processor has.
  public func computed(in precision: Precision) -> Model {
    guard precision != .single else { return self }
    var model = self
    model.precision = precision
    model.configuration.name += "-\(precision.rawValue)"
    model.digest = FileDigest.sha256(Data("\(digest) \(precision.rawValue)".utf8))
    return model
  }

  /// The first network: the only one, unless the model is a set.
  public var network: Network { members[0] }

  /// Reads a model directory, version 1.
  ///
  /// Everything is checked before anything is scored: that both files are there and whole, that each tensor the
  /// configuration calls for is there in its shape and finite, and that there are no others.
  ///
  /// - Throws: `ModelError` or `StorageError`, naming the file and the tensor.
  public init(directory: URL) throws {
    let configurationURL = directory.appendingPathComponent(Self.configurationFile)
    let tensorsURL = directory.appendingPathComponent(Self.tensorsFile)
    for url in [configurationURL, tensorsURL] where !FileManager.default.fileExists(atPath: url.path) {
      let inner = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
      let models = inner.sorted().filter { name in
        let file = directory.appendingPathComponent(name).appendingPathComponent(Self.configurationFile)
        return FileManager.default.fileExists(atPath: file.path)
      }
      throw ModelError.missingFile(directory: directory.path, name: url.lastPathComponent, models: models)
    }
    let json = try MappedFile(configurationURL)
    guard json.count <= Self.mostConfigurationBytes else {
      throw ModelError.configuration(
        file: configurationURL.path, key: "size", found: "\(json.count) bytes",
        expected: "at most \(Self.mostConfigurationBytes)")
    }
    let file = try SafetensorsFile(tensorsURL)
    let configuration = try ModelConfiguration(json: json.withBytes { Data($0) }, file: configurationURL.path)
    let reader = TensorReader(file: file, path: tensorsURL.path)
    standardisation = try Self.standardisation(configuration, reader)
    try reader.refuseUnknown(configuration)
    self.configuration = configuration
    members = try (0..<configuration.members).map { member in
      let parameters = try ParameterSet(configuration) { layout in
        try reader.finite(configuration.fileName(of: layout.name, member: member), shape: layout.shape)
      }
      return Network(configuration, parameters.frozen())
    }
    digest = FileDigest.sha256(Data((FileDigest.sha256(json) + file.digest).utf8))
  }

  /// Writes a model directory; an existing one is replaced file by file, each wholly or not at all.
  ///
  /// - Parameter members: the parameters of one network, or of each member of a set.
  /// - Throws: `StorageError` when a folder or file cannot be written.
  public static func write(
    configuration: ModelConfiguration, members: [ParameterSet], standardisation: [Modality: Standardisation],
    card: String, to directory: URL
  ) throws {
    try DurableFile.makeFolder(directory)
    var configuration = configuration
    configuration.members = members.count
    var tensors = members.enumerated().flatMap { member, parameters in
      parameters.tensors.map {
        NamedTensor(name: configuration.fileName(of: $0.name, member: member), shape: $0.shape, values: $0.values)
      }
    }
    for (modality, scale) in standardisation.sorted(by: { $0.key < $1.key }) {
      for (name, vector) in [
        (TensorNames.normalisationMean(modality), scale.mean),
        (TensorNames.normalisationDeviation(modality), scale.deviation),
      ] {
        tensors.append(NamedTensor(name: name, shape: [vector.columns], values: vector.values))
      }
    }
    try SafetensorsWriter.write(tensors, to: directory.appendingPathComponent(tensorsFile))
    try DurableFile.write(configuration.json(), to: directory.appendingPathComponent(configurationFile))
    try DurableFile.write(Data(card.utf8), to: directory.appendingPathComponent("MODEL_CARD.md"))
  }

  static let configurationFile = "config.json"
  /// Taking it apart takes several times its size.
  private static let mostConfigurationBytes = 16 << 20
  static let tensorsFile = "model.safetensors"

  private static func standardisation(
    _ configuration: ModelConfiguration, _ reader: TensorReader
  ) throws -> [Modality: Standardisation] {
    var found: [Modality: Standardisation] = [:]
    for (modality, entry) in configuration.modalities {
      let (mean, deviation) = (
        TensorNames.normalisationMean(modality), TensorNames.normalisationDeviation(modality)
      )
      guard reader.has(mean) || reader.has(deviation) else { continue }
      let deviations = try reader.finite(deviation, shape: [entry.width])
      if let column = deviations.firstIndex(where: { $0 < 0 }) {
        throw ModelError.damagedTensor(
          file: reader.path, tensor: deviation, found: "\(deviations[column]) in column \(column)",
          expected: "numbers from 0")
      }
      found[modality] = Standardisation(
        mean: try reader.finite(mean, shape: [entry.width]), deviation: deviations)
    }
    return found
  }
}

/// Checked access to one file's tensors.
private struct TensorReader {
  let file: SafetensorsFile
  let path: String

  func has(_ name: String) -> Bool { file.entries[name] != nil }

  func finite(_ name: String, shape: [Int]) throws -> [Float] {
    guard let entry = file.entries[name], let values = file.floats(name) else {
      throw ModelError.missingTensor(file: path, tensor: name)
    }
    guard entry.shape == shape else {
      throw ModelError.shape(file: path, tensor: name, found: entry.shape, expected: shape)
    }
    if let element = values.firstIndex(where: { !$0.isFinite }) {
      throw ModelError.notFinite(file: path, tensor: name, element: element)
    }
    return values
  }

  /// Tensors beyond the configuration's mean that the two files do not belong together.
  ///
  /// Position tables, which the published code stores, are computed here and passed over; so is a speaker embedding
  /// that no branch uses.
  func refuseUnknown(_ configuration: ModelConfiguration) throws {
    var known: Set<String> = []
    for member in 0..<configuration.members {
      for name in configuration.tensors.map(\.name) + [TensorNames.speakerEmbedding] {
        known.insert(configuration.fileName(of: name, member: member))
      }
    }
    for modality in configuration.modalities.keys {
      known.insert(TensorNames.normalisationMean(modality))
      known.insert(TensorNames.normalisationDeviation(modality))
    }
    for name in file.entries.keys.sorted() where !known.contains(name) && !name.hasSuffix(".pos_emb.pe") {
      throw ModelError.unknownTensor(file: path, tensor: name, nearest: nearestName(to: name, among: known.sorted()))
    }
  }
}
