/// `urlize`: makes links of what looks like one in text that is safe for HTML.
struct LinkMaker {
  /// Longer links are shown cut.
  var lengthLimit: Int?
  /// Attributes of links to web pages, with a space before each.
  var attributes = ""
  /// Further schemes, with their colon.
  var schemes: [String] = []

  /// The text with its links.
  func linked(_ text: String) -> String {
    var result = ""
    var word: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      if Whitespace.contains(scalar) {
        result += linked(word: word)
        word = []
        result.unicodeScalars.append(scalar)
      } else {
        word.append(scalar)
      }
    }
    return result + linked(word: word)
  }

  /// Whether text is a scheme with its colon: `tel:`, `ftp://`.
  static func isScheme(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    guard let colon = scalars.lastIndex(of: ":"), colon >= 2 else { return false }
    let name = scalars[..<colon].allSatisfy {
      $0 == "_" || $0 == "." || $0 == "+" || $0 == "-" || CharacterClass.isAlphanumeric($0)
    }
    let rest = scalars[(colon + 1)...]
    return name && rest.count <= 2 && rest.allSatisfy { $0 == "/" }
  }

  private func linked(word: [Unicode.Scalar]) -> String {
    guard !word.isEmpty else { return "" }
    var parts = WordParts(Text(word).bytes)
    parts.balance()
    let middle = String(decoding: parts.middle, as: UTF8.self)
    return String(decoding: parts.head, as: UTF8.self) + link(middle)
      + String(decoding: parts.tail, as: UTF8.self)
  }

  private func link(_ middle: String) -> String {
    if LinkPattern.isWebAddress(middle) {
      let hasScheme = middle.hasPrefix("https://") || middle.hasPrefix("http://")
      let address = hasScheme ? middle : "https://" + middle
      return "<a href=\"\(address)\"\(attributes)>\(shown(middle))</a>"
    }
    if middle.hasPrefix("mailto:"), LinkPattern.isMailAddress(String(middle.dropFirst(7))) {
      return "<a href=\"\(middle)\">\(middle.dropFirst(7))</a>"
    }
    if middle.contains("@"), !middle.hasPrefix("www."), !middle.hasPrefix("@"),
      !middle.contains(":"), LinkPattern.isMailAddress(middle)
    {
      return "<a href=\"mailto:\(middle)\">\(middle)</a>"
    }
    var result = middle
    for scheme in schemes where result != scheme && result.hasPrefix(scheme) {
      result = "<a href=\"\(result)\"\(attributes)>\(result)</a>"
    }
    return result
  }

  private func shown(_ address: String) -> String {
    guard let lengthLimit else { return address }
    let text = Text(address)
    return text.count > lengthLimit
      ? text.slice(Slice(nil, lengthLimit, 1)).string + "..." : address
  }
}

/// A word without the brackets and punctuation around it.
private struct WordParts {
  var head: [UInt8] = []
  var middle: [UInt8]
  var tail: [UInt8] = []

  init(_ word: [UInt8]) {
    middle = word
    var start = 0
    while let length = Self.length(of: ["(", "<", "&lt;"], in: word, at: start) { start += length }
    head = Array(word[..<start])
    var end = word.count
    while let length = Self.length(of: [")", ">", ".", ",", "&gt;"], in: word, endingAt: end),
      end - length >= start
    {
      end -= length
    }
    tail = Array(word[end...])
    middle = Array(word[start..<end])
  }

  private static func length(of parts: [String], in word: [UInt8], at start: Int) -> Int? {
    parts.first { ByteSearch.isMatch(Array($0.utf8), in: word, at: start) }?.utf8.count
  }

  private static func length(of parts: [String], in word: [UInt8], endingAt end: Int) -> Int? {
    parts.first {
      end <= word.count && ByteSearch.isMatch(Array($0.utf8), in: word, at: end - $0.utf8.count)
    }?.utf8.count
  }

  /// Takes closing brackets back from the tail where the middle has more opening ones.
  mutating func balance() {
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
      let opening = Text(bytes: middle).occurrences(of: Text(open))
      guard opening > Text(bytes: middle).occurrences(of: Text(close)) else { continue }
      let closing = Array(close.utf8)
      for _ in 0..<min(opening, Text(bytes: tail).occurrences(of: Text(close))) {
        guard let found = ByteSearch.first(closing, in: tail, from: 0) else { break }
        middle += tail[..<(found + closing.count)]
        tail = Array(tail[(found + closing.count)...])
      }
    }
  }
}
