import Foundation
import OperatingSystem
import Synchronization

@testable import ScoringDaemon

/// Stands for the program that delivers messages: answers as told, in turn, then well, and keeps what it was handed.
final class MessageRecorder: Sendable {
  private let state: Mutex<(answers: [TimedCommand.Outcome], commands: [TimedCommand])>

  init(_ answers: TimedCommand.Outcome...) {
    state = Mutex((answers, []))
  }

  var messenger: Messenger {
    Messenger { [self] command, _ in
      state.withLock { state in
        state.commands.append(command)
        return state.answers.isEmpty ? .ended(code: 0, errors: "") : state.answers.removeFirst()
      }
    }
  }

  /// The objects, as a program would read them.
  var messages: [[String: Any]] {
    state.withLock { $0.commands.map(\.input) }.compactMap {
      try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
    }
  }

  var events: [String] { messages.compactMap { $0["event"] as? String } }

  /// Waits until so many have been handed over.
  func wait(for count: Int) {
    while events.count < count { Thread.sleep(forTimeInterval: 0.01) }
  }
}
