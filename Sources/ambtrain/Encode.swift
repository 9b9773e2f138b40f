import ArgumentParser
import Foundation
import Presentation
import Tensors
import TextEncoder

/// `ambtrain encode`: token ids and embeddings of texts.
struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print token ids and the sentence embedding of texts.",
    discussion: """
      Reads JSON strings from standard input, one a line, and prints {"ids": [..], "embedding": [..]} for each, of the \
      text as given: nothing is cleaned.

      EXAMPLE
        echo '"Where have you been?"' | ambtrain encode
      """)

  @Option(
    help: ArgumentHelp(
      "An encoder's folder; by default what AMBQ_ENCODER names, else the installed or fetched one.", valueName: "dir"))
  var encoder: String?

  @Option(help: "Threads to compute with.")
  var threads: Int = Processor.cores

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads takes a number from 1.") }
  }

  func run() throws {
    try Failures.reporting {
      let directory = try encoder.map { try EncoderDirectory(URL(fileURLWithPath: $0)) } ?? EncoderDirectory.find()
      let encoder = try TextEncoder(directory: directory)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      var input = TextLines()
      // What has arrived is answered before more is waited for, so that another program can talk with this one.
      while let texts = try input.next(FileHandle.standardInput.availableData) {
        let sequences = texts.map { encoder.tokenizer.sequence($0) }
        let embeddings = try encoder.encode(sequences, threads: threads)
        for (row, sequence) in sequences.enumerated() {
          try output.line(Self.line(sequence.ids, embeddings.row(row)))
        }
        try output.flush()
      }
    }
  }

  private static func line(_ ids: [Int], _ embedding: [Float]) -> String {
    var json = JSONText()
    json.object { json in
      json.array("ids") { json in ids.forEach { json.value($0) } }
      json.array("embedding") { json in embedding.forEach { json.value($0) } }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
