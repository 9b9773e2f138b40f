import Foundation
import Testing

@testable import ScoringDaemon

struct ServiceTests {
  /// A datagram socket where the service manager would listen.
  private final class Manager {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-\(UUID().uuidString.prefix(8))").path
    private let descriptor: Int32

    init(abstract: Bool = false) throws {
      descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = Array((abstract ? "\0" + path : path).utf8)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let length = socklen_t(2 + bytes.count)
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      try #require(result == 0)
    }

    func receive() -> String {
      var bytes = [UInt8](repeating: 0, count: 512)
      let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    deinit {
      close(descriptor)
      unlink(path)
    }
  }

  @Test func statesReachTheManager() throws {
    let manager = try Manager()
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path])
    #expect(notifier.notify(.ready, status: "watching\nall"))
    #expect(manager.receive() == "READY=1\nSTATUS=watching all")
    #expect(notifier.notify(.reloading))
    #expect(manager.receive().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
    #expect(notifier.notify(.stopping))
    #expect(manager.receive() == "STOPPING=1")
  }

  @Test func theAbstractNamespaceWorksToo() throws {
    let manager = try Manager(abstract: true)
    #expect(ServiceNotifier(environment: ["NOTIFY_SOCKET": "@" + manager.path]).notify(.ready))
    #expect(manager.receive() == "READY=1")
  }

  @Test func withoutAManagerNothingHappens() {
    #expect(!ServiceNotifier(environment: [:]).notify(.ready))
    #expect(!ServiceNotifier(environment: ["NOTIFY_SOCKET": "nonsense"]).notify(.ready))
    #expect(!ServiceNotifier(environment: ["NOTIFY_SOCKET": "/nowhere"]).notify(.ready))
  }

  @Test func theWatchdogIsOursOnlyIfMeantForThisProcess() {
    func seconds(_ environment: [String: String]) -> Double? {
      ServiceNotifier(environment: environment).watchdogSeconds
    }
    #expect(seconds(["WATCHDOG_USEC": "30000000"]) == 30)
    #expect(seconds(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"]) == 30)
    #expect(seconds(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
    #expect(seconds(["WATCHDOG_USEC": "0"]) == nil)
    #expect(seconds([:]) == nil)
  }

  @Test func aDaemonThatDoesNotGetOnIsNotAlive() {
    let watchdog = Watchdog()
    let start = ContinuousClock.now
    watchdog.start(ServiceNotifier(environment: ["WATCHDOG_USEC": "3600000000"]), patience: 100)
    watchdog.progress(at: start)
    #expect(watchdog.isAlive(at: start + .seconds(99)))
    #expect(!watchdog.isAlive(at: start + .seconds(100)))
    watchdog.progress(at: start + .seconds(50))
    #expect(watchdog.isAlive(at: start + .seconds(100)))
  }

  @Test func aDaemonSaysThatItIsReadyAndThatItStops() throws {
    let manager = try Manager()
    let stage = try DaemonStage()
    stage.surroundings.notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path])
    _ = try stage.daemon().run(once: true)
    #expect(manager.receive().hasPrefix("READY=1\nSTATUS=watching "))
    #expect(manager.receive() == "STOPPING=1")
  }
}
