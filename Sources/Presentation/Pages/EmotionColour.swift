/// The colours of emotions on pages: usual ones for well-known names, others in the order of a model's classes.
///
/// Nothing is told by colour alone.
public struct EmotionColours: Sendable {
  private let places: [String: Int]

  /// - Parameter emotions: the names to tell apart, in class order.
  public init(_ emotions: [String]) {
    var places: [String: Int] = [:]
    for emotion in emotions { places[emotion] = Self.usual(emotion) }
    let taken = Set(places.values)
    // The first is for what is not felt.
    let all = Array(1..<PageColours.light.emotions.count)
    let free = all.filter { !taken.contains($0) } + all
    for (number, emotion) in emotions.filter({ places[$0] == nil }).enumerated() {
      places[emotion] = free[number % free.count]
    }
    self.places = places
  }

  /// The emotion's class in a stylesheet: `e0` to `e8`.
  public func name(_ emotion: String) -> String { "e\(place(emotion))" }

  /// Fill and ink of a picture's bar, for a light page; its class is what a dark one goes by.
  func fill(_ emotion: String) -> String {
    "class=\"\(name(emotion))\" fill=\"\(PageColours.light.emotions[place(emotion)].text)\""
  }

  /// The stroke of a bar that is only an outline.
  func outline(_ emotion: String) -> String {
    let colour = PageColours.light.emotions[place(emotion)].text
    return "class=\"o\(place(emotion))\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\""
  }

  /// Of text on a filled bar.
  func ink(_ emotion: String) -> String {
    "class=\"i\(place(emotion))\" fill=\"\(PageColours.light.emotions[place(emotion)].inkOnIt.text)\""
  }

  private func place(_ emotion: String) -> Int { places[emotion] ?? Self.usual(emotion) ?? 0 }

  private static func usual(_ emotion: String) -> Int? {
    switch emotion.lowercased() {
    case "neutral", "calm", "boredom", "none", "unknown": 0
    case "anger", "angry": 1
    case "frustration", "frustrated", "annoyance": 2
    case "joy", "happiness", "happy": 3
    case "excitement", "excited", "love": 4
    case "sadness", "sad": 5
    case "fear", "fearful": 6
    case "disgust", "disgusted", "contempt": 7
    case "surprise", "surprised": 8
    default: nil
    }
  }
}
