internal import Foundation
internal import Pipelines
internal import Records

/// Up to where a source was read: the highest value of a field that rises with every change.
struct Watermark: Equatable {
  let field: String
  let value: JSONValue

  /// The stored form.
  var text: String {
    JSONValue.object(["field": .string(field), "value": value]).compact
  }

  init(field: String, value: JSONValue) {
    self.field = field
    self.value = value
  }

  /// Reads the stored form; nil when it is none.
  init?(_ text: String) {
    // No other text is a watermark.
    guard let json = try? JSONValue(parsing: text), let field = json["field"]?.string,
      let value = json["value"]
    else { return nil }
    self.init(field: field, value: value)
  }

  /// Where the next reading begins; nil reads everything, since it cannot be said how far that is below the mark.
  func bound(_ since: SincePlan) -> LowerBound? {
    guard since.field.utf8.elementsEqual(field.utf8) else { return nil }
    switch (since.overlap, value) {
    case (nil, _): return LowerBound(field: field, value: value)
    case (.number(let below), .number(let text)):
      guard let mark = Int64(text) else { return nil }
      return LowerBound(field: field, value: .number(String(mark - below)))
    case (.seconds(let below), .string(let text)):
      return Self.time(text, minus: below).map { LowerBound(field: field, value: .string($0)) }
    case (.number, _), (.seconds, _): return nil
    }
  }

  /// A time in text, earlier by some seconds and written in the same way; nil when it is no time. `2026-11-20`,
  /// `2026-11-20 23:00:00`, `2026-11-20T23:00:00.123Z`: what follows the seconds is left out, so that it sorts before all.
  static func time(_ text: String, minus seconds: Int64) -> String? {
    let isDay = text.utf8.count == 10
    let head = isDay ? text + "T00:00:00" : String(text.prefix(19))
    var parts = Array(head.utf8)
    guard parts.count == 19, parts[10] == UInt8(ascii: "T") || parts[10] == UInt8(ascii: " ") else {
      return nil
    }
    let separator = Character(Unicode.Scalar(parts[10]))
    parts[10] = UInt8(ascii: "T")
    let style = Date.ISO8601FormatStyle(timeZone: .gmt)
      .year().month().day().dateTimeSeparator(.standard).time(includingFractionalSeconds: false)
    // Of what is no time, everything is read.
    guard let date = try? Date(String(decoding: parts, as: UTF8.self), strategy: style) else {
      return nil
    }
    let earlier = date.addingTimeInterval(-TimeInterval(seconds)).formatted(style)
    if isDay { return String(earlier.prefix(10)) }
    return earlier.replacingOccurrences(of: "T", with: String(separator))
  }
}
