import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import Tensors

/// A sentence encoder read from a folder of Hugging Face's layout: texts in, unit-norm vectors out.
///
///     let encoder = try TextEncoder(directory: EncoderDirectory.find())
///     let embeddings = try encoder.encode(["Where is it?", "I have no idea."])     // [2, 384]
///
/// Vectors are those of sentence-transformers: the mean of the last hidden states over all tokens, divided by its norm.
/// A text's vector is a function of the text and the encoder alone, to the last bit: not of the texts beside it and not
/// of the number of threads.
public struct TextEncoder: Sendable {
  /// From text to token ids.
  public let tokenizer: WordPieceTokenizer
  /// From token ids to vectors.
  public let network: BertEncoder
  /// The encoder's name and width, such as `all-MiniLM-L6-v2/384`.
  public let extractor: String
  /// SHA-256 over the three files.
  public let digest: String
  /// Preceding turns that are read before an utterance; 0 for an encoder that was not tuned with any.
  public let contextTurns: Int
  /// The numbers that the network's linear layers multiply.
  public private(set) var precision = Precision.single

  /// The same encoder computed in a precision, single or one that the processor has.
  ///
  /// Where a network is computed in 8 bits, its encoder is in 16: its inner layers have outputs too far from the rest, and
  /// in 8 bits nine labels in a thousand became others, in 16 half a label.
  public func computed(in precision: Precision) -> TextEncoder {
    var encoder = self
    encoder.precision = precision == .int8 ? Precision.bfloat16.supported : precision
    return encoder
  }

  /// What the vectors are called without the tuning: `all-MiniLM-L6-v2/384` of `all-MiniLM-L6-v2+1a2b3c4d/384`.
  public var untunedExtractor: String {
    guard let plus = extractor.lastIndex(of: "+"), let slash = extractor.lastIndex(of: "/"), plus < slash else {
      return extractor
    }
    return String(extractor[..<plus] + extractor[slash...])
  }

  /// Width of a vector, d.
  public var width: Int { network.configuration.hidden }

  /// Reads the encoder in a folder; its weights are then held for inference.
  ///
  /// - Throws: `EncoderError`, `ModelError` or `StorageError`, naming the file and what is wrong with it.
  public init(directory: EncoderDirectory) throws {
    let folder = directory.url
    let configurationURL = folder.appendingPathComponent(EncoderDirectory.configurationFile)
    let vocabularyURL = folder.appendingPathComponent(EncoderDirectory.vocabularyFile)
    let tensorsURL = folder.appendingPathComponent(EncoderDirectory.tensorsFile)
    let json = try MappedFile(configurationURL).withBytes { Data($0) }
    let configuration = try EncoderConfiguration(json: json, file: configurationURL.path)
    let vocabulary = try Vocabulary(vocabularyURL)
    guard vocabulary.count == configuration.vocabulary else {
      throw EncoderError.vocabulary(
        file: vocabularyURL.path, found: "\(vocabulary.count) pieces where config.json says \(configuration.vocabulary)"
      )
    }
    let settings = try TokenizerSettings(folder, positions: configuration.positions)
    let file = try SafetensorsFile(tensorsURL)
    let parameters = try ParameterSet(configuration, file: file, path: tensorsURL.path).frozen()
    tokenizer = WordPieceTokenizer(vocabulary, isUncased: settings.isUncased, longest: settings.longest)
    network = BertEncoder(configuration, parameters)
    let tensorsDigest = file.digest
    let name = PublishedEncoders.names[tensorsDigest] ?? folder.lastPathComponent
    extractor = "\(name)/\(configuration.hidden)"
    contextTurns = 0
    let parts = [FileDigest.sha256(json), try FileDigest.sha256(contentsOf: vocabularyURL), tensorsDigest]
    digest = FileDigest.sha256(Data(parts.joined().utf8))
  }

  /// An encoder in memory, as training and tests have it.
  public init(network: BertEncoder, tokenizer: WordPieceTokenizer, name: String) {
    self.network = network
    self.tokenizer = tokenizer
    extractor = "\(name)/\(network.configuration.hidden)"
    digest = ""
    contextTurns = 0
  }

  init(network: BertEncoder, tokenizer: WordPieceTokenizer, extractor: String, digest: String, contextTurns: Int) {
    self.network = network
    self.tokenizer = tokenizer
    self.extractor = extractor
    self.digest = digest
    self.contextTurns = contextTurns
  }

  /// The vectors of texts as given, one a row [texts, d].
  public func encode(_ texts: [String], threads: Int = Processor.cores) throws -> Matrix {
    try encode(texts.map { tokenizer.sequence($0) }, threads: threads)
  }

  /// The vectors of token sequences, one a row [sequences, d].
  ///
  /// Sequences are cut into batches by their tokens; batches are spread over threads.
  public func encode(_ sequences: [TokenSequence], threads: Int = Processor.cores) throws -> Matrix {
    let batches = Self.batches(sequences.map { $0.ids.count })
    let pool = BufferPool()
    let parts = try Parallel.map(count: batches.count, threads: threads) { index in
      network.embeddings(
        TokenBatch(sequences[batches[index]]), Computation(pool: pool, precision: precision)
      ).value
    }
    return Matrix(rows: sequences.count, columns: width, parts.flatMap(\.values))
  }

  /// Tokens that a batch may have: as many rows as a product takes in one go; the widest rows fit the caches.
  static let tokensPerBatch = 264

  /// Consecutive sequences of at most `tokensPerBatch` tokens together; a longer one is a batch of its own.
  public static func batches(_ lengths: [Int]) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var (first, tokens) = (0, 0)
    for (index, length) in lengths.enumerated() {
      if first < index, tokens + length > tokensPerBatch {
        batches.append(first..<index)
        (first, tokens) = (index, 0)
      }
      tokens += length
    }
    if first < lengths.count { batches.append(first..<lengths.count) }
    return batches
  }
}

/// Encoders that are known by their weights, whatever their folder is called.
private enum PublishedEncoders {
  /// By the SHA-256 of `model.safetensors`.
  static let names = [
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db": EncoderDirectory.defaultName
  ]
}
