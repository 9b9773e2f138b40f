import AMBDSGDN
import DialogueBundles

extension NamedBundle {
  /// A bundle whose parts are read as they are scored.
  public init(_ opened: OpenedBundle, name: String) {
    self.init(opened.outline, name: name, digest: opened.digest, next: opened.next)
  }

  /// The same bundle without its words, which scoring does not need.
  public var withoutWords: NamedBundle {
    NamedBundle(outline, name: name, digest: digest) { [next] in
      var part = try next()
      for row in part?.utterances.indices ?? 0..<0 { part?.utterances[row].text = nil }
      return part
    }
  }
}
