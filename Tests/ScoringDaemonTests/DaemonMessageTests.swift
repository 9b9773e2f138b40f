import AmbqConfiguration
import DialogueDomain
import Foundation
import NightReports
import OperatingSystem
import Testing

@testable import ScoringDaemon

/// What a program or a web address gets to read.
struct DaemonMessageTests {
  private let time = Date(timeIntervalSince1970: 0)

  private func object(_ message: DaemonMessage) throws -> [String: Any] {
    let data = message.json(spool: "/spool", host: "lab")
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func aNightSaysWhatItBroke() throws {
    let event = DaemonEvent.night(
      date: "2026-11-24", verdict: .broken, broken: ["failed bundles: 30 %, at most 20 %"], page: "/spool/n.html")
    let found = try object(DaemonMessage(event, at: time))
    #expect(found["event"] as? String == "night" && found["host"] as? String == "lab")
    #expect(found["spool"] as? String == "/spool" && found["time"] as? String == "1970-01-01T00:00:00Z")
    let text = try #require(found["text"] as? String)
    #expect(text == "ambd on lab: the night of 2026-11-24 breaks a limit: failed bundles: 30 %, at most 20 %")
    let night = try #require(found["night"] as? [String: Any])
    #expect(night["verdict"] as? String == "broken" && night["page"] as? String == "/spool/n.html")
    #expect(found["bundles"] == nil && found["trouble"] == nil)
  }

  @Test func bundlesThatFailedAreNamedWithTheirReasons() throws {
    var message = DaemonMessage(
      .failed(bundle: "a\n\"b\".h5", Explanation(.data, "not HDF5", remedy: "Write it.")), at: time)
    #expect(message.text == "a\n\"b\".h5 failed: not HDF5. Write it.")
    let taken = [message.take(.failed(bundle: "c.h5", Explanation(.data, "empty"))), message.take(.resumed)]
    #expect(taken == [true, false])
    let found = try object(message)
    #expect(found["event"] as? String == "failed" && found["count"] as? Int == 2)
    let bundles = try #require(found["bundles"] as? [[String: Any]])
    #expect(bundles.map { $0["bundle"] as? String } == ["a\n\"b\".h5", "c.h5"])
    #expect((bundles[0]["error"] as? [String: Any])?["remedy"] as? String == "Write it.")
  }

  @Test func aMessageStaysWithinItsBounds() throws {
    let long = Explanation(.data, String(repeating: "\"", count: 4000))
    var message = DaemonMessage(.failed(bundle: "0", long), at: time)
    for number in 1...100 { _ = message.take(.failed(bundle: "\(number)", long)) }
    #expect(message.json(spool: "/spool", host: "lab").count <= DaemonMessage.mostBytes)
    #expect(try object(message)["count"] as? Int == 101)
  }

  @Test func curlIsToldOverItsInput() throws {
    var settings = AmbdConfiguration.Notify()
    settings.webhook = "http://127.0.0.1:1/secret\"\\"
    let command = MessageDelivery(settings: settings).command(Data("{\"a\":\"\\n\"}".utf8))
    #expect(command.words == ["curl", "--disable", "--config", "-"])
    let lines = String(decoding: command.input, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains("url = \"http://127.0.0.1:1/secret\\\"\\\\\""))
    #expect(lines.contains("data-binary = \"{\\\"a\\\":\\\"\\\\n\\\"}\""))
  }
}
