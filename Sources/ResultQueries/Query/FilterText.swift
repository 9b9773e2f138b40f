import Foundation
import Presentation
import ResultIndex

extension UtteranceQuery {
  /// The filters as they are typed, but for the period: `--emotion anger,joy --speaker 'Anna B'`; empty where all pass.
  ///
  /// - Parameter words: the words to search for, as typed.
  public func typed(words: String? = nil) -> String {
    var parts: [String] = []
    func add(_ option: String, _ names: [String]) {
      guard !names.isEmpty else { return }
      parts.append("\(option) \(ShellText.quoted(names.map(NameList.escaped).joined(separator: ",")))")
    }
    func add(_ option: String, _ number: Double?) {
      if let number { parts.append("\(option) \(number)") }
    }
    add("--emotion", emotions)
    add("--not-emotion", excludedEmotions)
    add("--speaker", speakers)
    add("--dialogue", dialogues)
    if self.words != nil { parts.append("--text \(ShellText.quoted(words ?? ""))") }
    add("--bundle", bundles)
    add("--min-confidence", minimumConfidence)
    add("--max-confidence", maximumConfidence)
    if stabilityBelow != nil { parts.append("--unstable") }
    add("--max-stability", maximumStability)
    if let isUncertain { parts.append(isUncertain ? "--uncertain" : "--certain") }
    add("--in-set", setEmotions)
    add("--model", models)
    return parts.joined(separator: " ")
  }
}
