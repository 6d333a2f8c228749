/// The status line and headers of a response, line by line as they come.
struct HTTPHead {
  /// The status; 0 before there is one.
  private(set) var status = 0
  /// Names in lower case.
  private(set) var fields: [(name: String, value: String)] = []
  /// Whether the final answer's headers are all there.
  private(set) var isComplete = false

  /// Takes one line with its line end.
  ///
  /// Interim answers (1xx) are forgotten, trailers ignored.
  mutating func read(_ line: String) {
    let line = line.trimmingLineEnd
    if line.hasPrefix("HTTP/") {
      self = HTTPHead()
      let words = line.split(separator: " ", maxSplits: 2)
      status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    } else if line.isEmpty {
      if status >= 200 { isComplete = true }
    } else if !isComplete, let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      fields.append((line[..<colon].lowercased(), String(value).trimmingBlanks))
    }
  }
}

extension String {
  /// The text without the line end after it.
  fileprivate var trimmingLineEnd: Substring {
    var rest = self[...]
    while let last = rest.unicodeScalars.last, last == "\r" || last == "\n" {
      rest.unicodeScalars.removeLast()
    }
    return rest
  }

  /// The text without spaces and tabs around it.
  fileprivate var trimmingBlanks: String {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...last])
  }
}
