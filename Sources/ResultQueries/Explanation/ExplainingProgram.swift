import DialogueDomain
import Dispatch
import Foundation

/// The program that can run a model: `ambd explain`, a child of this one.
///
/// `ambq` links neither HDF5 nor OpenBLAS, so that it starts in milliseconds; what needs them is asked for here.
public struct ExplainingProgram: Sendable {
  /// The folder of the model that made the labels; nil for the configuration's.
  public var modelFolder: String?
  /// The configuration; nil for the one that `ambd` finds.
  public var configuration: String?
  let executable: URL
  private let environment: [String: String]

  private static let name = "ambd"

  /// The program beside this one, or else the first of its name in `PATH`.
  ///
  /// - Throws: `QueryError` where there is none.
  public init(environment: [String: String]) throws {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    try self.init(environment: environment, beside: own.map { URL(fileURLWithPath: $0).deletingLastPathComponent() })
  }

  /// - Parameter own: the folder to look in first.
  init(environment: [String: String], beside own: URL?) throws {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    let programs = ((own.map { [$0] } ?? []) + folders).map { $0.appendingPathComponent(Self.name) }
    guard let program = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      throw QueryError(
        Explanation(
          .missingInput, "\(Self.name), which runs the model, is not here", expected: "beside ambq, or in PATH",
          remedy: "Install it with ambq; they belong together."))
    }
    self.init(executable: program, environment: environment)
  }

  init(executable: URL, environment: [String: String]) {
    self.executable = executable
    self.environment = environment
  }

  /// How the labels of a dialogue came about.
  ///
  /// - Parameters:
  ///   - dialogue: its id, as the bundle has it.
  ///   - turn: the only utterance to tell of, layer by layer; nil for all.
  ///   - bundleDigest: of the bytes that were scored.
  ///   - modelDigest: of the model that scored them.
  /// - Throws: `QueryError`: what the program says, or that it said nothing.
  func explain(
    _ file: URL, dialogue: String, turn: Int?, bundleDigest: String, modelDigest: String
  ) throws -> DialogueExplanation {
    // As one word each: a name may look like an option.
    var arguments = [modelFolder.map { "--model=\($0)" }, configuration.map { "--config=\($0)" }].compactMap(\.self)
    arguments += [
      "explain", file.path, "--dialogue=\(dialogue)", "--bundle-digest=\(bundleDigest)",
      "--model-digest=\(modelDigest)",
    ]
    if let turn { arguments.append("--turn=\(turn)") }
    let (output, end) = try run(arguments)
    return try explanation(in: output, end: end)
  }

  /// What the program said before it ended so.
  func explanation(in output: Data, end: String) throws -> DialogueExplanation {
    guard let reply = try? ExplanationReply(json: output) else {
      throw QueryError(
        Explanation(
          .io, "it gave no explanation", at: executable.path, found: end,
          remedy: "'\(Self.name) --version' and 'ambq --version' should agree."))
    }
    if let error = reply.error { throw QueryError(error) }
    guard let explanation = reply.explanation, explanation.version == DialogueExplanation.currentVersion else {
      throw QueryError(
        Explanation(
          .data, "it explains in another form", at: executable.path, found: "\(reply.explanation?.version ?? 0)",
          expected: "\(DialogueExplanation.currentVersion)", remedy: "Install ambd and ambq of one version."))
    }
    return explanation
  }

  /// Runs the program; its standard error is this one's.
  private func run(_ arguments: [String]) throws -> (output: Data, end: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
      let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
      ended.wait()
      let end = process.terminationReason == .exit ? "exit code" : "signal"
      return (output, "\(end) \(process.terminationStatus)")
    } catch {
      throw QueryError(io: "it cannot be run", at: executable.path, found: error.localizedDescription)
    }
  }
}
