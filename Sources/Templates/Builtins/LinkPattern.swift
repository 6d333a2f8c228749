/// What looks like a web address or a mail address, by the patterns of Jinja's `urlize`.
enum LinkPattern {
  /// What matches `\S+@\w[\w.-]*\.\w+`.
  static func isMailAddress(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    guard !scalars.contains(where: Whitespace.contains) else { return false }
    for at in scalars.indices where scalars[at] == "@" && at > 0 {
      let domain = scalars[(at + 1)...]
      guard let first = domain.first, isWord(first), let last = domain.last, isWord(last),
        domain.allSatisfy({ isWord($0) || $0 == "." || $0 == "-" }),
        let dot = domain.lastIndex(of: "."), dot > domain.startIndex,
        domain[(dot + 1)...].allSatisfy(isWord)
      else { continue }
      return true
    }
    return false
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || CharacterClass.isAlphanumeric(scalar)
  }

  /// An address with a scheme or `www.`, or a name that ends in one of the best-known domains.
  static func isWebAddress(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    return hostEnds(scalars).contains { isRest(scalars, $0) }
  }

  /// The places where a host may end.
  private static func hostEnds(_ text: [Unicode.Scalar]) -> [Int] {
    var ends = commonDomainEnds(text)
    for prefix in ["https://", "http://", "www."] where hasPrefix(text, prefix) {
      let start = prefix.unicodeScalars.count
      ends += domainEnds(text, start)
      if prefix != "www." { ends += numericEnds(text, start) }
    }
    return ends
  }

  private static func hasPrefix(_ text: [Unicode.Scalar], _ prefix: String) -> Bool {
    let prefix = Array(prefix.unicodeScalars)
    return text.count >= prefix.count
      && zip(text, prefix).allSatisfy { $0.properties.lowercaseMapping == String($1) }
  }

  private static func isLabel(_ scalar: Unicode.Scalar) -> Bool {
    isWord(scalar) || scalar == "%" || scalar == "-"
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    // Without regard to case, two more characters count as letters.
    scalar.isASCII && CharacterClass.isAlphabetic(scalar) || scalar == "\u{17F}"
      || scalar == "\u{212A}" || scalar == "\u{130}" || scalar == "\u{131}"
  }

  /// Where `(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})` may end.
  private static func domainEnds(_ text: [Unicode.Scalar], _ start: Int) -> [Int] {
    var starts = [start]
    var position = start
    while true {
      var end = position
      while end < text.count, isLabel(text[end]) { end += 1 }
      guard end > position, end < text.count, text[end] == "." else { break }
      position = end + 1
      starts.append(position)
    }
    return starts.flatMap { begin in
      var letters = begin
      while letters < text.count, letters - begin < 63, isLetter(text[letters]) { letters += 1 }
      var ends = letters - begin >= 2 ? Array((begin + 2)...letters) : []
      if hasPrefix(Array(text[min(begin, text.count)...]), "xn--") {
        var end = begin + 4
        while end < text.count, end - begin < 63, isWord(text[end]) || text[end] == "%" { end += 1 }
        if end - begin >= 6 { ends += Array((begin + 6)...end) }
      }
      return ends
    }
  }

  /// Where `([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)` may end.
  private static func commonDomainEnds(_ text: [Unicode.Scalar]) -> [Int] {
    var ends: [Int] = []
    var position = 0
    while true {
      var end = position
      while end < text.count, isLabel(text[end]) { end += 1 }
      guard (2...63).contains(end - position), end < text.count, text[end] == "." else {
        return ends
      }
      position = end + 1
      for name in ["com", "net", "int", "edu", "gov", "org", "info", "mil"]
      where hasPrefix(Array(text[position...]), name) {
        ends.append(position + name.utf8.count)
      }
    }
  }

  /// `\d{1,3}(\.\d{1,3}){3}`, or an address of IPv6 in brackets.
  private static func numericEnds(_ text: [Unicode.Scalar], _ start: Int) -> [Int] {
    var position = start
    var ends: [Int] = []
    for part in 0..<4 {
      let begin = position
      while position < text.count, position - begin < 3, CharacterClass.isDecimal(text[position]) {
        position += 1
      }
      guard position > begin else { break }
      if part == 3 {
        ends += Array((begin + 1)...position)
      } else {
        guard position < text.count, text[position] == "." else { break }
        position += 1
      }
    }
    guard start < text.count, text[start] == "[", let close = text[start...].firstIndex(of: "]")
    else { return ends }
    let inner = text[(start + 1)..<close].split(separator: ":", omittingEmptySubsequences: false)
    let isAddress =
      inner.count >= 3 && inner.count <= 9
      && inner.allSatisfy { part in
        part.count <= 4 && part.allSatisfy { $0.isASCII && $0.properties.isHexDigit }
      }
    return isAddress ? ends + [close + 1] : ends
  }

  /// `(:\d{1,5})?([/?#]\S*)?` up to the end.
  private static func isRest(_ text: [Unicode.Scalar], _ start: Int) -> Bool {
    func isPath(_ position: Int) -> Bool {
      position == text.count || "/?#".unicodeScalars.contains(text[position])
    }
    if isPath(start) { return true }
    guard text[start] == ":" else { return false }
    var position = start + 1
    while position < text.count, position - start <= 5, CharacterClass.isDecimal(text[position]) {
      position += 1
      if isPath(position) { return true }
    }
    return false
  }
}
