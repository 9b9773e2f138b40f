import Foundation
import OperatingSystem
import ResultIndex

/// The file names of dialogues' documents.
struct DocumentNames {
  private var documents: [(dialogue: String, bundle: IndexedBundle, ending: String)] = []

  mutating func add(_ dialogue: ExportedDialogue, ending: String) {
    documents.append((dialogue.name, dialogue.bundle, ending))
  }

  /// A name for each document, in order: the dialogue's where that is enough to tell them apart; else the bundle's title
  /// with it, else the model's name, too, and a number at last.
  var all: [String] {
    let levels: [(Int) -> String] = [
      { documents[$0].dialogue },
      { "\(documents[$0].dialogue) (\(documents[$0].bundle.title))" },
      { "\(documents[$0].dialogue) (\(documents[$0].bundle.title), \(documents[$0].bundle.modelName))" },
      { "\(documents[$0].dialogue) (\(documents[$0].bundle.title), \(documents[$0].bundle.modelDigest.prefix(8)))" },
      { "\(documents[$0].dialogue) (\($0 + 1))" },
    ]
    var names = documents.indices.map { name(levels[0]($0), $0) }
    for level in levels.dropFirst() {
      // Folders of some systems take names that differ in case for one.
      let counts = Dictionary(names.map { ($0.lowercased(), 1) }, uniquingKeysWith: +)
      if counts.count == names.count { break }
      for index in names.indices where counts[names[index].lowercased(), default: 0] > 1 {
        names[index] = name(level(index), index)
      }
    }
    return names
  }

  private func name(_ stem: String, _ index: Int) -> String {
    "\(SafeFileName.of(stem)).\(documents[index].ending)"
  }
}
