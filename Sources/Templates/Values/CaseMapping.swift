/// Upper and lower case as Python has them: by Unicode's full mappings, character by character.
enum CaseMapping {
  static func upper(_ text: Text) -> Text {
    if text.isASCII { return text.alike(text.bytes.map(upper)) }
    return text.alike(text.scalars.map(\.properties.uppercaseMapping).joined())
  }

  static func lower(_ text: Text) -> Text {
    if text.isASCII { return text.alike(text.bytes.map(lower)) }
    let scalars = text.scalars
    return text.alike(scalars.indices.map { lower(scalars, at: $0) }.joined())
  }

  /// The first character in title case, the others in lower case.
  static func capitalized(_ text: Text) -> Text {
    let scalars = text.scalars
    return text.alike(
      scalars.indices.map {
        $0 == 0 ? scalars[0].properties.titlecaseMapping : lower(scalars, at: $0)
      }.joined())
  }

  /// The first letter of every run of letters in title case, the others in lower case: `str.title`.
  static func titled(_ text: Text) -> Text {
    let scalars = text.scalars
    var result = ""
    var isInWord = false
    for index in scalars.indices {
      result += isInWord ? lower(scalars, at: index) : scalars[index].properties.titlecaseMapping
      isInWord = scalars[index].properties.isCased
    }
    return text.alike(result)
  }

  static func swapped(_ text: Text) -> Text {
    let scalars = text.scalars
    return text.alike(
      scalars.indices.map { index in
        let properties = scalars[index].properties
        if properties.isUppercase { return lower(scalars, at: index) }
        return properties.isLowercase ? properties.uppercaseMapping : String(scalars[index])
      }.joined())
  }

  /// Whether there is a cased letter and none in upper or title case.
  static func isLower(_ text: Text) -> Bool {
    isOnly(text) { $0.isLowercase }
  }

  /// Whether there is a cased letter and none in lower or title case.
  static func isUpper(_ text: Text) -> Bool {
    isOnly(text) { $0.isUppercase }
  }

  private static func isOnly(
    _ text: Text, _ isWanted: (Unicode.Scalar.Properties) -> Bool
  ) -> Bool {
    var hasFound = false
    for scalar in text.scalars {
      let properties = scalar.properties
      if isWanted(properties) {
        hasFound = true
      } else if properties.isUppercase || properties.isLowercase
        || properties.generalCategory == .titlecaseLetter
      {
        return false
      }
    }
    return hasFound
  }

  /// Whether upper case begins every word and lower case continues it: `str.istitle`.
  static func isTitled(_ text: Text) -> Bool {
    var hasFound = false
    var isInWord = false
    for scalar in text.scalars {
      let properties = scalar.properties
      if properties.isUppercase || properties.generalCategory == .titlecaseLetter {
        if isInWord { return false }
        isInWord = true
        hasFound = true
      } else if properties.isLowercase {
        if !isInWord { return false }
        hasFound = true
      } else {
        isInWord = false
      }
    }
    return hasFound
  }

  private static func upper(_ byte: UInt8) -> UInt8 {
    byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
  }

  /// One character in lower case; a sigma at the end of a word has a form of its own.
  private static func lower(_ scalars: [Unicode.Scalar], at index: Int) -> String {
    guard scalars[index] == "\u{3A3}" else { return scalars[index].properties.lowercaseMapping }
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    let isFinal =
      before?.properties.isCased == true && after?.properties.isCased != true
    return isFinal ? "\u{3C2}" : "\u{3C3}"
  }
}
