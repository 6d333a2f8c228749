/// A UTC date and time of the proleptic Gregorian calendar.
struct CalendarTime {
  let year: Int, month: Int, day: Int
  let hour: Int, minute: Int, second: Int

  /// Creates a time; nil when a part is out of range.
  ///
  /// Second 60 (a leap second) is taken as 59.
  init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Self.days(in: month, of: year)).contains(day), (0..<24).contains(hour),
      (0..<60).contains(minute), (0...60).contains(second)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, min(second, 59))
  }

  /// UTC milliseconds since 1970.
  var milliseconds: Int64 {
    let seconds = (daysSince1970 * 24 + hour) * 3600 + minute * 60 + second
    return Int64(seconds) * 1000
  }

  /// Days since 1970-01-01, counted in years that begin in March.
  private var daysSince1970: Int {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
