import Testing

@testable import Presentation

struct ProgressLineTests {
  private let start = ContinuousClock.now

  @Test func aTerminalGetsABarWithTheTimeLeft() {
    var progress = ProgressLine("epoch 1", total: 200, isTerminal: true, width: 80, now: start)
    let text = progress.update(done: 50, detail: "loss 0.41", now: start + .seconds(30))
    #expect(text == "\r\u{1B}[2Kepoch 1  ███████▌                        50/200  25 %  1:30 left  loss 0.41")
  }

  @Test func linesThatStayStandAboveTheDrawingAndTheEndLeavesNothingOfIt() {
    var progress = ProgressLine("x", total: 2, isTerminal: true, width: 80, now: start)
    #expect(progress.above("first") == "first\n")
    _ = progress.update(done: 1, now: start + .seconds(1))
    #expect(
      progress.above("second") == "\r\u{1B}[2Ksecond\nx  ███████████████                 1/2  50 %  0:01 left")
    #expect(progress.finish() == "\r\u{1B}[2K")
    #expect(progress.finish() == "")
  }

  @Test func drawingsAreNoCloserThanTheEyeNeeds() {
    var progress = ProgressLine("x", total: 100, isTerminal: true, width: 80, now: start)
    #expect(progress.update(done: 1, now: start) != nil)
    #expect(progress.update(done: 2, now: start + .milliseconds(99)) == nil)
    #expect(progress.update(done: 3, now: start + .milliseconds(100)) != nil)
    #expect(progress.update(done: 100, now: start + .milliseconds(101)) != nil)
  }

  @Test func elsewhereThereIsAPlainLineNowAndThen() {
    var progress = ProgressLine("epoch 1", total: 200, isTerminal: false, width: 80, now: start)
    #expect(progress.update(done: 20, now: start + .seconds(1)) == "epoch 1  20/200  10 %  0:09 left\n")
    #expect(progress.update(done: 40, now: start + .seconds(10)) == nil)
    #expect(progress.update(done: 60, now: start + .seconds(11)) == "epoch 1  60/200  30 %  0:26 left\n")
    #expect(progress.update(done: 200, now: start + .seconds(12)) == "epoch 1  200/200  100 %  0:12\n")
    #expect(progress.above("stays") == "stays\n")
    #expect(progress.finish() == "")
  }

  @Test(arguments: 1...60)
  func theLineAndTheEchoOfControlCStayWithinTheTerminal(_ width: Int) throws {
    var progress = ProgressLine("a rather long label", total: 3, isTerminal: true, width: width, now: start)
    let update = progress.update(done: 1, detail: "detail", now: start + .seconds(7))
    let text = try #require(update)
    #expect(TextWidth.columns(of: text.dropFirst(5)) <= max(1, width - 3))
  }

  @Test func anUnknownTotalIsCounted() {
    var progress = ProgressLine("rows", total: 0, isTerminal: false, width: 80, now: start)
    #expect(progress.update(done: 1234, now: start + .seconds(3725)) == "rows  1234  1:02:05\n")
  }
}
