/// URI templates (RFC 6570).
enum URITemplateFormat {
  /// ASCII that may not stand outside expressions.
  ///
  /// The RFC's grammar leaves the apostrophe out, its erratum 6937 lets it in.
  private static let excluded = ASCII.table(" \"%<>\\^`{|}")
  private static let operators = ASCII.table("+#./;?&=,!@|")

  static func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    while !cursor.isAtEnd {
      let byte = cursor.current
      if cursor.take(0x7B) {
        guard takeExpression(&cursor) else { return false }
      } else if byte == 0x25 {
        guard takePercent(&cursor) else { return false }
      } else if byte <= 0x20 || byte == 0x7F || excluded[Int(byte)] {
        return false
      } else {
        guard takeLiteral(&cursor) else { return false }
      }
    }
    return true
  }

  private static func takeLiteral(_ cursor: inout TextCursor) -> Bool {
    guard let (value, length) = ScalarReader.scalar(in: cursor.bytes, at: cursor.position) else {
      return false
    }
    cursor.position += length
    // Controls of the second row and noncharacters are no ucschar or iprivate.
    return !(0x80..<0xA0).contains(value) && value & 0xFFFE != 0xFFFE
      && !(0xFDD0...0xFDEF).contains(value)
  }

  private static func takePercent(_ cursor: inout TextCursor) -> Bool {
    cursor.take(0x25) && cursor.take(where: ASCII.isHexadecimal) != nil
      && cursor.take(where: ASCII.isHexadecimal) != nil
  }

  private static func takeExpression(_ cursor: inout TextCursor) -> Bool {
    if operators[Int(cursor.current)] { cursor.position += 1 }
    repeat {
      guard takeVariable(&cursor) else { return false }
    } while cursor.take(0x2C)
    return cursor.take(0x7D)
  }

  private static func takeVariable(_ cursor: inout TextCursor) -> Bool {
    repeat {
      var count = 0
      while !cursor.isAtEnd {
        if cursor.take(where: { ASCII.isLetterOrDigit($0) || $0 == 0x5F }) != nil {
          count += 1
        } else if cursor.current == 0x25 {
          guard takePercent(&cursor) else { return false }
          count += 1
        } else {
          break
        }
      }
      guard count > 0 else { return false }
    } while cursor.take(0x2E)
    if cursor.take(0x2A) { return true }
    guard cursor.take(0x3A) else { return true }
    guard cursor.current != 0x30 else { return false }
    return (1...4).contains(cursor.skip(while: ASCII.isDigit))
  }
}
