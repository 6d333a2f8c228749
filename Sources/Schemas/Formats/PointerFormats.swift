/// JSON pointers, and regular expressions as texts.
enum PointerFormats {
  /// RFC 6901: empty, or tokens that begin with a slash, `~` only in `~0` and `~1`.
  static func isPointer(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    guard first == 0x2F else { return false }
    for position in text.indices where text[position] == 0x7E {
      guard position + 1 < text.count, text[position + 1] &- 0x30 < 2 else { return false }
    }
    return true
  }

  /// A number of steps up, then `#` or a pointer.
  static func isRelativePointer(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    let digits = cursor.skip(while: ASCII.isDigit)
    guard digits > 0, digits == 1 || text[0] != 0x30 else { return false }
    if cursor.take(0x23) { return cursor.isAtEnd }
    return isPointer(UnsafeBufferPointer(rebasing: text[cursor.position...]))
  }

  /// A regular expression of ECMA-262 in Unicode mode, also one that `pattern` does not support.
  static func isPattern(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var parser = PatternParser(
      String(decoding: text, as: UTF8.self), strictness: .unicodeMode)
    do throws(PatternError) {
      _ = try parser.parse()
      return true
    } catch {
      return error.isUnsupported
    }
  }
}
