import DialogueDomain
import Foundation
import OperatingSystem
import Tensors
import TextEncoder

/// The stage before a network's training: the text encoder is tuned, and all data gets its vectors.
///
/// The dialogues that are held out of the network's training are held out of this one, too. Its checkpoint lies in
/// `checkpoint-encoder` beside the model until all is finished.
public struct EncoderStage: Sendable {
  /// What a network is trained and judged on.
  public struct Data: Sendable {
    /// To learn from.
    public var training: TrainingData
    /// Chooses the epoch, where it is given.
    public var validation: TrainingData?
    /// Chooses nothing.
    public var test: TrainingData?

    /// The data of one session.
    public init(training: TrainingData, validation: TrainingData?, test: TrainingData?) {
      self.training = training
      self.validation = validation
      self.test = test
    }
  }

  /// How a call to `run` ended.
  public enum Outcome: Sendable {
    /// The data with the tuned encoder's vectors.
    case finished(Data, TunedEncoder)
    /// Asked to stop; the checkpoint after this many epochs can be resumed.
    case stopped(epoch: Int)
  }

  private let tuning: EncoderTuning
  private let encoder: TextEncoder
  private let data: Data
  private let folder: URL
  private let threads: Int

  /// - Parameters:
  ///   - encoder: the untuned one.
  ///   - seed: the session's first, which draws what is held out.
  ///   - directory: the model's.
  /// - Throws: `TrainingError` where data and recipe do not fit, or there are no words.
  public init(
    _ data: Data, encoder: TextEncoder, recipe: TrainingRecipe, seed: UInt64, directory: URL,
    threads: Int = Processor.cores
  ) throws {
    let split = try DialogueSplit(
      data.training, validation: data.validation, test: data.test, recipe: recipe, seed: seed)
    tuning = try EncoderTuning(
      encoder, training: split.training, validation: split.validation, recipe: recipe, seed: seed, threads: threads)
    self.encoder = encoder
    self.data = data
    self.threads = threads
    folder = Self.folder(in: directory)
  }

  private static func folder(in directory: URL) -> URL { directory.appendingPathComponent("checkpoint-encoder") }

  /// Removes the stage's checkpoint, once the model is written.
  public static func removeCheckpoint(in directory: URL) {
    try? FileManager.default.removeItem(at: folder(in: directory))
  }

  /// Tunes, from the start or from the last checkpoint, and encodes all data's words anew.
  ///
  /// - Throws: as `EncoderTuning.run`.
  public func run(
    isResumed: Bool = false, isStopped: () -> Bool = { false }, observe: (TrainingEvent) -> Void = { _ in }
  ) throws -> Outcome {
    let outcome = try tuning.run(
      folder: folder, isResumed: isResumed && Checkpoint.exists(in: folder), isStopped: isStopped, observe: observe)
    switch outcome {
    case .stopped(let epoch): return .stopped(epoch: epoch)
    case .finished(let tuned):
      let extraction = FeatureExtraction(encoder.tuned(tuned), threads: threads)
      func encoded(_ data: TrainingData) throws -> TrainingData {
        TrainingData(bundle: try extraction.reencoded(data.bundle), emotions: data.emotions)
      }
      return .finished(
        Data(
          training: try encoded(data.training), validation: try data.validation.map(encoded),
          test: try data.test.map(encoded)), tuned)
    }
  }
}
