import Foundation
import TestFolders
import Testing

@testable import OperatingSystem

/// Programs that end, fail, hang or are not there.
@Suite struct TimedCommandTests {
  private func shell(_ script: String, _ input: String = "", limit: Double = 60) -> TimedCommand {
    TimedCommand(["sh", "-c", script], input: Data(input.utf8), limitSeconds: limit)
  }

  @Test func theInputArrivesAndWhatItComplainsOfComesBack() {
    #expect(shell("cat >&2; exit 7", "hello").run() == .ended(code: 7, errors: "hello"))
    #expect(TimedCommand(["true"], input: Data("unread".utf8), limitSeconds: 60).run() == .ended(code: 0, errors: ""))
  }

  @Test func anInputThatNobodyReadsKeepsNobody() {
    let much = String(repeating: "x", count: 2 * TimedCommand.mostInput)
    #expect(shell("exit 0", much).run() == .ended(code: 0, errors: ""))
    #expect(shell("wc -c >&2", much).run() == .ended(code: 0, errors: "\(TimedCommand.mostInput)"))
  }

  @Test func whatHangsIsKilledWithAllThatItStarted() {
    #expect(shell("sleep 1000 & sleep 1000", limit: 0.2).run() == .timedOut)
    // The child would keep standard error open.
    #expect(shell("sleep 1000 & exit 3").run() == .ended(code: 3, errors: ""))
    #expect(shell("trap '' TERM; while :; do sleep 1; done", limit: 0.2).run() == .timedOut)
  }

  @Test func aSignalIsToldApartFromACode() {
    #expect(shell("kill -SEGV $$").run() == .killed(signal: SIGSEGV))
  }

  @Test func whatIsNotThereSaysSo() {
    let outcome = TimedCommand(["no-such-program"], input: Data(), limitSeconds: 60).run()
    guard case .unstarted(let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.contains("no-such-program"))
  }

  @Test func itIsGivenUpWhereThisProcessEnds() {
    #expect(shell("sleep 1000").run(isStopping: { true }) == .stopped)
  }

  @Test func itComplainsAsLongAsItLikes() {
    guard case .ended(0, let errors) = shell("yes complaint | head -c 1000000 >&2").run() else {
      Issue.record("it did not end well")
      return
    }
    #expect(errors.hasPrefix("complaint\ncomplaint") && errors.utf8.count < 4096)
  }

  @Test func itGetsNoDescriptorOfOurs() throws {
    let folder = try TemporaryFolder()
    // Not closed by itself where a program is started, as those of libraries may be.
    let descriptor = open(folder["ours"].path, O_CREAT | O_RDWR, 0o600)
    defer { close(descriptor) }
    #expect(descriptor >= 0)
    guard case .ended(0, let errors) = shell("ls -l /proc/$$/fd >&2").run() else {
      Issue.record("it did not end well")
      return
    }
    #expect(errors.contains("/dev/null") && !errors.contains(folder["ours"].path))
  }
}
