/// Times as the provider writes them in JSON (RFC 3339), and dates in the catalogue.
public enum Timestamp {
  /// UTC milliseconds of `2025-01-15T00:00:00.123456+00:00` or `…Z`; nil for anything else.
  ///
  /// Digits beyond milliseconds are cut.
  public static func milliseconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, let day = dayTime(bytes),
      bytes[10] | 0x20 == 0x74 || bytes[10] == 0x20,
      let hour = number(bytes, 11, 2), bytes[13] == 0x3A, let minute = number(bytes, 14, 2),
      bytes[16] == 0x3A, let second = number(bytes, 17, 2),
      let time = CalendarTime(
        year: day.year, month: day.month, day: day.day, hour: hour, minute: minute, second: second)
    else { return nil }
    var position = 19
    var fraction: Int64 = 0
    if bytes[position] == 0x2E {
      var scale: Int64 = 100
      position += 1
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
        fraction += Int64(bytes[position] - 0x30) * scale
        scale /= 10
        position += 1
      }
    }
    guard let offset = offsetMinutes(bytes, at: position) else { return nil }
    return time.milliseconds + fraction - offset * 60_000
  }

  /// UTC milliseconds at the beginning of a day written `2026-11-30`; nil for anything else.
  public static func milliseconds(day text: String) -> Int64? {
    let bytes = Array(text.utf8)
    return bytes.count == 10 ? dayTime(bytes)?.milliseconds : nil
  }

  private static func dayTime(_ bytes: [UInt8]) -> CalendarTime? {
    guard let year = number(bytes, 0, 4), bytes[4] == 0x2D, let month = number(bytes, 5, 2),
      bytes[7] == 0x2D, let day = number(bytes, 8, 2)
    else { return nil }
    return CalendarTime(year: year, month: month, day: day)
  }

  private static func offsetMinutes(_ bytes: [UInt8], at position: Int) -> Int64? {
    if bytes.count == position + 1, bytes[position] | 0x20 == 0x7A { return 0 }
    guard bytes.count == position + 6, bytes[position] == 0x2B || bytes[position] == 0x2D,
      bytes[position + 3] == 0x3A, let hours = number(bytes, position + 1, 2), hours < 24,
      let minutes = number(bytes, position + 4, 2), minutes < 60
    else { return nil }
    let offset = Int64(hours * 60 + minutes)
    return bytes[position] == 0x2D ? -offset : offset
  }

  private static func number(_ bytes: [UInt8], _ start: Int, _ length: Int) -> Int? {
    var value = 0
    for byte in bytes[start..<start + length] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }
}
