import DialogueDomain
import Foundation
import OperatingSystem
import Transcripts

/// Reads a transcript into a bundle without features: dialogues, speakers, times, words, and labels where it has some.
enum TranscriptReading {
  /// Reads the file once, hashes those bytes and takes the same bytes apart.
  ///
  /// - Throws: `BundleError` that does not name the file yet.
  static func read(
    _ url: URL, limits: TranscriptLimits, beforeParsing: () -> Void
  ) throws -> BundleReading {
    let name = url.lastPathComponent
    do {
      let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
      if let size = attributes?[.size] as? Int { try limits.check(bytes: size, of: name) }
      let image = try FileImage(url, limit: limits.bytes)
      let sidecar = DigestSidecar(of: url)
      beforeParsing()
      let digest = FileDigest.sha256(image.bytes)
      _ = try sidecar.vouches(for: digest)
      let options = TranscriptOptions(limits: limits)
      let transcript = try TranscriptReader.read(Data(image.bytes), name: name, options: options)
      let found = TranscriptDialogues(transcript)
      let bundle = FeatureBundle(
        emotions: found.emotions, dialogues: found.dialogues, utterances: found.utterances, features: [:])
      return BundleReading(
        bundle: bundle, digest: digest, byteCount: image.bytes.count, transcript: TranscriptReport(transcript))
    } catch let error as TranscriptError {
      throw BundleError.transcript(error, in: name)
    }
  }
}
