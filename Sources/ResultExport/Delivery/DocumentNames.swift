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
  /// with it, else the model's name, too, or its digest, and a number at last.
  var all: [String] {
    var names = documents.indices.map { name(documents[$0].dialogue, $0) }
    let distinctions: [(IndexedBundle) -> String] = [
      \.title, { "\($0.title), \($0.modelName)" }, { "\($0.title), \($0.modelDigest.prefix(8))" },
    ]
    for distinction in distinctions {
      let counts = Dictionary(names.map { (Self.folded($0), 1) }, uniquingKeysWith: +)
      if counts.count == names.count { return names }
      for (index, document) in documents.enumerated() where counts[Self.folded(names[index]), default: 0] > 1 {
        names[index] = name("\(document.dialogue) (\(distinction(document.bundle)))", index)
      }
    }
    var taken: Set<String> = []
    for index in names.indices {
      let dialogue = documents[index].dialogue
      var number = 2
      while !taken.insert(Self.folded(names[index])).inserted {
        names[index] = name("\(dialogue) (\(number))", index)
        number += 1
      }
    }
    return names
  }

  /// Folders of some systems take names that differ in case for one.
  private static func folded(_ name: String) -> String { name.lowercased() }

  private func name(_ stem: String, _ index: Int) -> String {
    "\(SafeFileName.of(stem)).\(documents[index].ending)"
  }
}
