import Foundation
import Testing

/// What programs make of the limits and places that they are given.
struct SurroundingsTests {
  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
  }

  /// OpenBLAS would wait for memory without end, or end the process before `main`; `ambq` multiplies nothing.
  @Test func littleAddressSpaceIsRefusedByWhatMultipliesMatrices() throws {
    let ambq = AmbqProgram(
      environment: [
        "AMBD": BuiltProgram("ambd").executable.path, "AMBTRAIN": BuiltProgram("ambtrain").executable.path,
      ])
    for kibibytes in Array(stride(from: 80_000, through: 260_000, by: 6_000)) + [900_000] {
      let refused = try ambq.shell("ulimit -v \(kibibytes); \"$AMBD\" --check")
      // Below some size not even the libraries can be mapped: the loader says so.
      if refused.status == 127 && kibibytes < 200_000 { continue }
      #expect(refused.status == 74, "\(kibibytes) KiB: \(refused.status)")
      #expect(refused.errors.hasPrefix("ambd: too little memory") && refused.errors.split(separator: "\n").count == 1)
    }
    let trainer = try ambq.shell("ulimit -v 900000; \"$AMBTRAIN\" describe")
    #expect(trainer.status == 74 && trainer.errors.hasPrefix("ambtrain: ") && trainer.errors.contains("ulimit -v"))
    let asked = try ambq.shell("ulimit -v 900000; \"$AMBQ\" list --index \(folder["none"].path)")
    #expect(asked.status == 66 && asked.errors.contains("none"))
  }

  @Test func checkRefusesASpoolThatStartingCannotMake() throws {
    try Data().write(to: folder["file"])
    let dangling = folder["link"]
    try FileManager.default.createSymbolicLink(atPath: dangling.path, withDestinationPath: folder["nowhere"].path)
    for spool in [folder["file"], folder["file/below"], dangling, dangling.appendingPathComponent("below")] {
      for options in [["--check"], ["--once"]] {
        let result = try BuiltProgram("ambd")(options + ["--spool", spool.path, "--model", Shipped.model])
        #expect([64, 74].contains(result.status) && !result.output.contains("All is well"), "\(spool.path) \(options)")
      }
    }
    let missing = try BuiltProgram("ambd")(
      "--check", "--spool", folder["a/b"].path, "--model", Shipped.model)
    #expect(missing.status == 0 && !FileManager.default.fileExists(atPath: folder["a"].path))
  }
}
