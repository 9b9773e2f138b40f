import DialogueDomain

/// What became of corrections that training data was given.
public struct CorrectionUse: Sendable, Equatable {
  /// Utterances whose label a correction gave.
  public var used = 0
  /// Corrections of bundles that are not among the data.
  public var ofOtherBundles = 0
  /// Corrections of utterances that their bundle does not have.
  public var ofNoUtterance = 0
  /// Corrections to emotions that are no class of their bundle, by name.
  public var otherEmotions: [String: Int] = [:]

  /// The same in a sentence.
  public var line: String {
    let apart = [
      (ofOtherBundles, "of other bundles"), (ofNoUtterance, "of utterances that are not there"),
      (
        otherEmotions.values.reduce(0, +),
        "of emotions that are no class (\(otherEmotions.keys.sorted().joined(separator: ", ")))"
      ),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(used) labels are corrections"
      + (apart.isEmpty ? "." : "; left out: \(apart.joined(separator: ", ")).")
  }
}

extension TrainingData.Source {
  /// Puts what people have said in the place of the bundles' own labels.
  ///
  /// A bundle that declares classes keeps them. One without labels gets the classes of the others, and, like a transcript,
  /// whose classes are the names that occur in it, those that its corrections name.
  ///
  /// - Parameters:
  ///   - corrections: the last one of each utterance; of a withdrawal, the bundle's own label counts.
  ///   - transcripts: which of the sources are transcripts.
  public static func corrected(
    _ sources: [Self], by corrections: [Correction.Target: Correction], transcripts: [Bool]
  ) -> (sources: [Self], use: CorrectionUse) {
    precondition(sources.count == transcripts.count, "one for each source")
    var use = CorrectionUse()
    let byBundle = Dictionary(grouping: corrections.values.filter { $0.emotion != nil }, by: \.bundleDigest)
    let declared = sources.compactMap(\.bundle.emotions).flatMap(\.names)
    let digests = Set(sources.compactMap(\.digest))
    use.ofOtherBundles = byBundle.filter { !digests.contains($0.key) }.reduce(0) { $0 + $1.value.count }
    let corrected = zip(sources, transcripts).map { source, isTranscript -> Self in
      guard let digest = source.digest, let own = byBundle[digest] else { return source }
      let classes = classes(source.bundle, declared, own, canGrow: isTranscript || source.bundle.emotions == nil)
      let bundle = source.bundle.corrected(by: own, classes, &use)
      return Self(name: source.name, bundle: bundle, digest: digest)
    }
    return (corrected, use)
  }

  private static func classes(
    _ bundle: FeatureBundle, _ declared: [String], _ corrections: [Correction], canGrow: Bool
  ) -> EmotionSet {
    let matching = EmotionMatching()
    let added = canGrow ? corrections.compactMap(\.emotion).sorted() : []
    let names = (bundle.emotions?.names ?? declared) + added
    return EmotionSet(
      names.reduce(into: [String]()) { names, name in
        if matching.index(of: name, in: EmotionSet(names)) == nil { names.append(name) }
      })
  }
}

extension FeatureBundle {
  /// - Parameter classes: the bundle's own come first, in their order.
  fileprivate func corrected(
    by corrections: [Correction], _ classes: EmotionSet, _ use: inout CorrectionUse
  ) -> FeatureBundle {
    let matching = EmotionMatching()
    var rows: [[String]: Int] = [:]
    for dialogue in dialogues {
      for row in dialogue.rows { rows[[dialogue.id, utterances[row].id]] = row }
    }
    var bundle = self
    bundle.emotions = classes
    for correction in corrections {
      guard let emotion = correction.emotion else { continue }
      guard let row = rows[[correction.dialogue, correction.utterance]] else {
        use.ofNoUtterance += 1
        continue
      }
      guard let label = matching.index(of: emotion, in: classes) else {
        use.otherEmotions[emotion, default: 0] += 1
        continue
      }
      bundle.utterances[row].label = label
      use.used += 1
    }
    return bundle
  }
}
