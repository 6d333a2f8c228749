/// UTC times as the wire writes them.
enum CalendarText {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// RFC 3339 with microseconds and `+00:00`, the provider's form; `microseconds` (0…999) are added
  /// to the milliseconds.
  static func rfc3339(_ ms: Int64, microseconds: Int64 = 0) -> String {
    let parts = Parts(ms)
    let fraction = padded(Int64(parts.milliseconds) * 1000 + microseconds, to: 6)
    return "\(padded(parts.year, to: 4))-\(padded(parts.month, to: 2))-\(padded(parts.day, to: 2))"
      + "T\(parts.time).\(fraction)+00:00"
  }

  /// RFC 3339 with nanoseconds and `Z`, as Google's services write it.
  static func nanoseconds(_ ms: Int64) -> String {
    "\(rfc3339(ms).dropLast(6))000Z"
  }

  /// The form of the `Date` header (RFC 9110), cut to the second.
  static func httpDate(_ ms: Int64) -> String {
    let parts = Parts(ms)
    let weekday = weekdays[Int(((parts.days % 7) + 7) % 7)]
    return "\(weekday), \(padded(parts.day, to: 2)) \(months[Int(parts.month) - 1]) "
      + "\(padded(parts.year, to: 4)) \(parts.time) GMT"
  }

  /// A day as `2026-11-20`.
  static func day(_ ms: Int64) -> String { String(rfc3339(ms).prefix(10)) }

  private static func padded(_ value: Int64, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// A time taken apart.
  ///
  /// Days to dates after Howard Hinnant's description of the civil calendar in eras of 400 years
  /// that begin in March.
  private struct Parts {
    let days: Int64
    let year: Int64
    let month: Int64
    let day: Int64
    let time: String
    let milliseconds: Int64

    init(_ ms: Int64) {
      let seconds = ms >= 0 ? ms / 1000 : (ms - 999) / 1000
      milliseconds = ms - seconds * 1000
      days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
      let second = seconds - days * 86_400
      let shifted = days + 719_468
      let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
      let dayOfEra = shifted - era * 146_097
      let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
      let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let shiftedMonth = (5 * dayOfYear + 2) / 153
      day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
      month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
      year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
      time = [second / 3600, second / 60 % 60, second % 60]
        .map { CalendarText.padded($0, to: 2) }.joined(separator: ":")
    }
  }
}
