/// Dates and times (RFC 3339, section 5.6).
enum DateFormats {
  static func isDateTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    guard takeDate(&cursor), cursor.take(0x54) || cursor.take(0x74) else { return false }
    return takeTime(&cursor) && cursor.isAtEnd
  }

  static func isDate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    return takeDate(&cursor) && cursor.isAtEnd
  }

  static func isTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    return takeTime(&cursor) && cursor.isAtEnd
  }

  private static func takeDate(_ cursor: inout TextCursor) -> Bool {
    guard let year = cursor.number(digits: 4), cursor.take(0x2D),
      let month = cursor.number(digits: 2), cursor.take(0x2D),
      let day = cursor.number(digits: 2), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day >= 1 && day <= days[month - 1]
  }

  private static func takeTime(_ cursor: inout TextCursor) -> Bool {
    guard let hour = cursor.number(digits: 2), cursor.take(0x3A),
      let minute = cursor.number(digits: 2), cursor.take(0x3A),
      let second = cursor.number(digits: 2), hour < 24, minute < 60, second <= 60
    else { return false }
    if cursor.take(0x2E), cursor.skip(while: ASCII.isDigit) == 0 { return false }
    guard let offset = takeOffset(&cursor) else { return false }
    // A leap second is the last one of a day in UTC.
    let minuteOfDay = (hour * 60 + minute - offset + 2 * 1440) % 1440
    return second < 60 || minuteOfDay == 1439
  }

  /// The offset from UTC in minutes; nil when there is none.
  private static func takeOffset(_ cursor: inout TextCursor) -> Int? {
    if cursor.take(0x5A) || cursor.take(0x7A) { return 0 }
    let isNegative = cursor.take(0x2D)
    guard isNegative || cursor.take(0x2B), let hour = cursor.number(digits: 2), cursor.take(0x3A),
      let minute = cursor.number(digits: 2), hour < 24, minute < 60
    else { return nil }
    return (hour * 60 + minute) * (isNegative ? -1 : 1)
  }
}
