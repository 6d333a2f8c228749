/// Durations (RFC 3339, appendix A): units in order, none left out between the first and the last,
/// weeks alone.
enum DurationFormat {
  static func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    guard cursor.take(0x50) else { return false }
    let weeks = cursor
    if cursor.skip(while: ASCII.isDigit) > 0, cursor.take(0x57) { return cursor.isAtEnd }
    cursor = weeks
    guard let days = takeUnits("YMD", &cursor) else { return false }
    guard cursor.take(0x54) else { return cursor.isAtEnd && days > 0 }
    guard let times = takeUnits("HMS", &cursor) else { return false }
    return cursor.isAtEnd && times > 0
  }

  /// The number of units taken; nil when they are out of order or one is skipped.
  private static func takeUnits(_ units: StaticString, _ cursor: inout TextCursor) -> Int? {
    var taken = 0
    var next = 0
    while ASCII.isDigit(cursor.current) {
      cursor.skip(while: ASCII.isDigit)
      var unit = next
      while unit < 3, !cursor.take(units.utf8Start[unit]) { unit += 1 }
      guard unit < 3, taken == 0 || unit == next else { return nil }
      next = unit + 1
      taken += 1
    }
    return taken
  }
}
