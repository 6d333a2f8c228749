internal import Templates

/// The text of a template that has a mistake.
struct TemplateText {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The text with the `{{ … }}` around a mistake made blank, so that all else stays where it is; nil when it is not in
  /// one: without a statement, what follows would mean something else.
  func blanking(_ mistake: TemplateError) -> String? {
    let offset = offset(line: mistake.line, column: mistake.column)
    guard let start = lastOpening(before: offset), let end = closing(after: start), offset <= end
    else { return nil }
    var blank = bytes
    for position in start..<end where blank[position] != UInt8(ascii: "\n") {
      blank[position] = UInt8(ascii: " ")
    }
    return String(decoding: blank, as: UTF8.self)
  }

  /// The offset of a line and a column (in code points), both from 1.
  private func offset(line: Int, column: Int) -> Int {
    var (position, rest) = (0, line - 1)
    while rest > 0, position < bytes.count {
      if bytes[position] == UInt8(ascii: "\n") { rest -= 1 }
      position += 1
    }
    rest = column - 1
    while rest > 0, position < bytes.count {
      position += 1
      while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
      rest -= 1
    }
    return position
  }

  private func lastOpening(before offset: Int) -> Int? {
    var position = min(offset, bytes.count - 2)
    while position >= 0 {
      switch (bytes[position], bytes[position + 1]) {
      case (UInt8(ascii: "{"), UInt8(ascii: "{")): return position
      case (UInt8(ascii: "%"), UInt8(ascii: "}")), (UInt8(ascii: "{"), UInt8(ascii: "%")),
        (UInt8(ascii: "{"), UInt8(ascii: "#")):
        return nil
      default: position -= 1
      }
    }
    return nil
  }

  /// Behind the `}}` that ends what begins at an offset.
  private func closing(after start: Int) -> Int? {
    var position = start + 2
    while position + 1 < bytes.count {
      switch (bytes[position], bytes[position + 1]) {
      case (UInt8(ascii: "}"), UInt8(ascii: "}")): return position + 2
      case (UInt8(ascii: "{"), UInt8(ascii: "{")), (UInt8(ascii: "{"), UInt8(ascii: "%")):
        return nil
      default: position += 1
      }
    }
    return nil
  }
}
