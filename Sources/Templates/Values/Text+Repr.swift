extension Text {
  /// Appends the text in quotes, as Python's `repr` writes it.
  func appendRepr(to output: inout [UInt8]) {
    if isMarkup { output += Array("Markup(".utf8) }
    let quote: UInt8 = bytes.contains(0x27) && !bytes.contains(0x22) ? 0x22 : 0x27
    output.append(quote)
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte >= 0x20, byte < 0x7F {
        if byte == quote || byte == 0x5C { output.append(0x5C) }
        output.append(byte)
        position += 1
      } else {
        let start = position
        let scalar = Self.scalar(in: bytes, at: &position)
        if Self.isPrintable(scalar) {
          output += bytes[start..<position]
        } else {
          output += Array(Self.escape(scalar).utf8)
        }
      }
    }
    output.append(quote)
    if isMarkup { output.append(0x29) }
  }

  /// Whether Python prints a character as it is.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    let digits = String(scalar.value, radix: 16)
    let (letter, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\\(letter)" + String(repeating: "0", count: width - digits.utf8.count) + digits
  }
}
