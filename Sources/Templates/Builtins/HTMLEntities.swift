/// HTML's character references.
enum HTMLEntities {
  private static let named: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    "copy": "\u{A9}", "reg": "\u{AE}", "trade": "\u{2122}", "hellip": "\u{2026}",
    "mdash": "\u{2014}", "ndash": "\u{2013}", "lsquo": "\u{2018}", "rsquo": "\u{2019}",
    "ldquo": "\u{201C}", "rdquo": "\u{201D}", "laquo": "\u{AB}", "raquo": "\u{BB}",
    "bull": "\u{2022}", "middot": "\u{B7}", "euro": "\u{20AC}", "pound": "\u{A3}",
    "yen": "\u{A5}", "cent": "\u{A2}", "sect": "\u{A7}", "para": "\u{B6}", "deg": "\u{B0}",
    "times": "\u{D7}", "divide": "\u{F7}", "plusmn": "\u{B1}", "auml": "\u{E4}",
    "ouml": "\u{F6}", "uuml": "\u{FC}", "Auml": "\u{C4}", "Ouml": "\u{D6}", "Uuml": "\u{DC}",
    "szlig": "\u{DF}", "eacute": "\u{E9}", "egrave": "\u{E8}", "agrave": "\u{E0}",
    "aacute": "\u{E1}", "ccedil": "\u{E7}", "ntilde": "\u{F1}", "oacute": "\u{F3}",
    "iacute": "\u{ED}", "uacute": "\u{FA}", "larr": "\u{2190}", "rarr": "\u{2192}",
  ]

  /// Text with its references replaced; nil when one may be a name that is not known here.
  static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      guard bytes[position] == 0x26 else {
        result.append(bytes[position])
        position += 1
        continue
      }
      guard let (text, end) = reference(bytes, position) else { return nil }
      result += text
      position = end
    }
    return result
  }

  /// What stands at an ampersand, and where it ends.
  private static func reference(_ bytes: [UInt8], _ start: Int) -> (text: [UInt8], end: Int)? {
    var end = start + 1
    if end < bytes.count, bytes[end] == 0x23 { return number(bytes, start) }
    while end < bytes.count, end - start <= 32, let digit = Text.digit(bytes[end]), digit >= 0 {
      end += 1
    }
    if end == start + 1 { return ([0x26], end) }
    let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    guard end < bytes.count, bytes[end] == 0x3B else {
      // Some names count without their semicolon; nothing is guessed about them.
      return mayBeName(name) ? nil : (Array(bytes[start..<end]), end)
    }
    return named[name].map { (Array($0.utf8), end + 1) }
  }

  private static func mayBeName(_ name: String) -> Bool {
    let first = name.unicodeScalars.first
    return first.map { CharacterClass.isAlphabetic($0) } ?? false
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> (text: [UInt8], end: Int)? {
    var position = start + 2
    let isHexadecimal = position < bytes.count && bytes[position] | 0x20 == 0x78
    if isHexadecimal { position += 1 }
    let base = isHexadecimal ? 16 : 10
    let first = position
    var value: UInt32 = 0
    while position < bytes.count, let digit = Text.digit(bytes[position]), digit < base {
      value = min(value &* UInt32(base) &+ UInt32(digit), 0x110000)
      position += 1
    }
    if position == first { return (Array(bytes[start..<position]), position) }
    if position < bytes.count, bytes[position] == 0x3B { position += 1 }
    guard value >= 0x20, !(0x7F...0x9F).contains(value) else { return nil }
    guard let scalar = Unicode.Scalar(value), value & 0xFFFE != 0xFFFE,
      !(0xFDD0...0xFDEF).contains(value)
    else { return ([0xEF, 0xBF, 0xBD], position) }
    var text: [UInt8] = []
    Text.append(scalar, to: &text)
    return (text, position)
  }
}
