/// Days, for sentences.
enum CalendarDay {
  /// `2026-11-30`, the day of a time in UTC milliseconds.
  static func text(ofMilliseconds time: Int64) -> String {
    // Howard Hinnant's civil-from-days: eras of 400 years that begin in March.
    let days = time.dividedFloor(by: milliseconds(1)) + 719_468
    let era = days.dividedFloor(by: 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  /// The milliseconds of so many days.
  static func milliseconds(_ days: Int64) -> Int64 { days * 86_400_000 }
}

extension Int64 {
  /// The quotient rounded down, also of negative numbers.
  fileprivate func dividedFloor(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
