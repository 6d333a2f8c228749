internal import Records

extension AnswerShape {
  /// Appends an instance as JSON.
  ///
  /// `draw` decides what is chosen; `quotes` counts the texts taken from the request.
  func append(
    from text: borrowing RequestText, draw: inout Draw, quotes: inout Int,
    to output: inout ByteBuffer
  ) {
    switch self {
    case .fixed(let json): output.append(text: json)
    case .choice(let values): output.append(text: values[draw.below(values.count)])
    case .text(let format):
      output.append(0x22)
      if let format, let value = Self.formatted(format, &draw) {
        output.append(text: value)
      } else {
        Self.appendQuote(from: text, quotes, to: &output)
        quotes += 1
      }
      output.append(0x22)
    case .copy(let tag):
      output.append(0x22)
      text.appendTagged(tag, to: &output)
      output.append(0x22)
    case .number(let range):
      let value = range.lowerBound + draw.share() * (range.upperBound - range.lowerBound)
      let rounded = (value * 100).rounded(.down) / 100
      output.append(text: String(max(rounded, range.lowerBound)))
    case .integer(let range): output.append(decimal: range.lowerBound + draw.below(range.count))
    case .boolean: output.append(text: draw.below(2) == 0 ? "true" : "false")
    case .list(let element, let counts):
      output.append(0x5B)
      for position in 0..<(counts.lowerBound + draw.below(counts.count)) {
        if position > 0 { output.append(0x2C) }
        element.append(from: text, draw: &draw, quotes: &quotes, to: &output)
      }
      output.append(0x5D)
    case .object(let members):
      output.append(0x7B)
      for (position, member) in members.enumerated() {
        if position > 0 { output.append(0x2C) }
        output.append(0x22)
        output.append(text: member.name)
        output.append("\":")
        member.shape.append(from: text, draw: &draw, quotes: &quotes, to: &output)
      }
      output.append(0x7D)
    case .either(let shapes):
      shapes[draw.below(shapes.count)].append(from: text, draw: &draw, quotes: &quotes, to: &output)
    }
  }

  private static func appendQuote(
    from text: borrowing RequestText, _ number: Int, to output: inout ByteBuffer
  ) {
    var quote = ByteBuffer(capacity: 256)
    text.appendQuote(number, limit: 120, to: &quote)
    JSONEscape.append(quote.bytes, to: &output)
  }

  /// A text of a format that JSON Schema names; nil for other formats.
  private static func formatted(_ format: String, _ draw: inout Draw) -> String? {
    let day = 1 + draw.below(28)
    let date = "2026-\(10 + draw.below(3))-\(day < 10 ? "0" : "")\(day)"
    let hour = "\(10 + draw.below(10)):\(10 + draw.below(50)):00Z"
    switch format {
    case "date-time": return "\(date)T\(hour)"
    case "date": return date
    case "time": return hour
    case "duration": return "PT\(1 + draw.below(59))M"
    case "email": return "reader\(draw.below(1000))@example.com"
    case "hostname": return "host\(draw.below(1000)).example.com"
    case "uri": return "https://example.com/\(draw.below(1000))"
    case "ipv4": return "192.0.2.\(draw.below(255))"
    case "ipv6": return "2001:db8::\(1 + draw.below(9999))"
    case "uuid":
      let digits = ContentHashDigits(&draw)
      return digits.uuid
    default: return nil
    }
  }

  /// Thirty-two drawn digits as a version 4 UUID.
  private struct ContentHashDigits {
    let uuid: String

    init(_ draw: inout Draw) {
      func hex(_ count: Int) -> String {
        (0..<count).map { _ in String(draw.below(16), radix: 16) }.joined()
      }
      uuid = "\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))"
    }
  }
}
