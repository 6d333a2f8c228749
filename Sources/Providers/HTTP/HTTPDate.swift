/// Dates as servers write them.
public enum HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// A header's date in UTC milliseconds: the three forms of RFC 9110, section 5.6.7 (`Sun, 06 Nov
  /// 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`).
  ///
  /// Nil for anything else.
  public static func milliseconds(_ text: String) -> Int64? {
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map { $0.lowercased() }
    let parts: (day: String, month: String, year: String, time: String)
    switch words.count {
    case 6 where words[5] == "gmt": parts = (words[1], words[2], words[3], words[4])
    case 5: parts = (words[2], words[1], words[4], words[3])
    default: return nil
    }
    let clock = parts.time.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard let day = Int(parts.day), let month = months.firstIndex(of: parts.month),
      var year = Int(parts.year), clock.count == 3, let hour = clock[0], let minute = clock[1],
      let second = clock[2]
    else { return nil }
    if parts.year.count == 2 { year += year < 70 ? 2000 : 1900 }
    return CalendarTime(
      year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second
    )?.milliseconds
  }
}
