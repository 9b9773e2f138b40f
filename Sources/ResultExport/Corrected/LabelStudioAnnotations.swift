import Foundation

/// The annotations of Label Studio's JSON export, task by task: what people chose in tasks that `ambq export` made.
///
/// Predictions are the model's and count for nothing. Of several annotations of a task, the later one counts; cancelled ones
/// do not.
struct LabelStudioAnnotations {
  let labels: [JudgedLabel]

  init(_ data: Data, _ name: String) throws {
    let tasks: [Task]
    do {
      tasks = try JSONDecoder().decode([Task].self, from: data)
    } catch {
      throw ExportError.noTasks(name, found: "\(error)".prefix(200).description)
    }
    labels = tasks.enumerated().flatMap { number, task in
      var chosen: [Int: String] = [:]
      for annotation in task.annotations ?? [] where annotation.isCancelled != true {
        for region in annotation.result {
          guard let emotion = region.value.labels?.first, let start = region.value.start.flatMap({ Int($0) }) else {
            continue
          }
          let end = region.value.end.flatMap { Int($0) } ?? start
          guard task.data.dialogue.indices.contains(start), task.data.dialogue.indices.contains(end), start <= end
          else { continue }
          // The truth as it was exported is nobody's choice, even where somebody else has corrected it since.
          guard region.id != "truth-\(start)" || start != end || emotion != task.data.dialogue[start].truth else {
            continue
          }
          for place in start...end { chosen[place] = emotion }
        }
      }
      return chosen.sorted { $0.key < $1.key }.map { place, emotion in
        JudgedLabel(
          line: number + 1, bundleDigest: task.data.bundleDigest, modelDigest: task.data.modelDigest,
          dialogue: task.data.name, place: .utterance(task.data.dialogue[place].utterance), truth: emotion,
          isAnnotation: true)
      }
    }
  }

  private struct Task: Decodable {
    struct Turn: Decodable {
      var utterance: String
      var truth: String?
    }
    struct Data: Decodable {
      var name: String
      var dialogue: [Turn]
      var bundleDigest: String?
      var modelDigest: String?

      enum CodingKeys: String, CodingKey {
        case name, dialogue
        case bundleDigest = "bundle_digest"
        case modelDigest = "model_digest"
      }
    }
    struct Annotation: Decodable {
      var result: [Region]
      var isCancelled: Bool?

      enum CodingKeys: String, CodingKey {
        case result
        case isCancelled = "was_cancelled"
      }
    }
    struct Region: Decodable {
      var id: String?
      var value: Value
    }
    struct Value: Decodable {
      var start: String?
      var end: String?
      var labels: [String]?

      enum CodingKeys: String, CodingKey {
        case start, end
        case labels = "paragraphlabels"
      }
    }

    var data: Data
    var annotations: [Annotation]?
  }
}
