/// The values of a repeatable option, each of which may be a list with commas.
enum NameList {
  /// Splits at commas; a comma that belongs to a name is written `\,`.
  static func split(_ values: [String]) -> [String] {
    values.flatMap { value in
      var names: [String] = []
      var name = ""
      var isEscaped = false
      for character in value {
        switch character {
        case "," where !isEscaped:
          names.append(name)
          name = ""
        case "\\" where !isEscaped:
          isEscaped = true
          continue
        default:
          if isEscaped && character != "," && character != "\\" { name.append("\\") }
          name.append(character)
        }
        isEscaped = false
      }
      if isEscaped { name.append("\\") }
      return names + [name]
    }.filter { !$0.isEmpty }
  }
}
