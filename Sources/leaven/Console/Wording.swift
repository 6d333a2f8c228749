internal import Engine
internal import Foundation
internal import Ledger
internal import Providers

/// How figures are written for people.
enum Wording {
  /// 3080 → "3,080".
  static func count(_ value: Int) -> String {
    var digits = Array(String(abs(value)))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// A noun with its number.
  static func count(_ value: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? one : many ?? one + "s")"
  }

  /// Dollars, to the cent or, below one dollar, to four digits.
  static func money(_ amount: Money) -> String {
    let dollars = Double(amount.nanodollars) / 1_000_000_000
    return String(format: dollars >= 1 ? "$%.2f" : "$%.4f", dollars)
  }

  /// Accepted answers that are to be asked for again, with what that costs.
  static func reask(_ reask: Reask) -> String {
    let cost = reask.cost.map { ", at most about \(money($0))" } ?? ", at a price that is not known"
    return "\(count(reask.count, "accepted answer"))\(cost)"
  }

  /// Rows of a source that are no records.
  static func leftOut(_ rows: LeftOutRows) -> String {
    "left out: \(count(rows.count, "row")) with other fields than the header "
      + "(\(lines(rows.firstLines, of: rows.count)))"
  }

  /// The first of some lines, by their numbers.
  static func lines(_ first: [Int], of all: Int) -> String {
    let numbers = first.map(String.init).joined(separator: ", ")
    return "\(all == 1 ? "line" : "lines") \(numbers)\(all > first.count ? ", …" : "")"
  }

  /// Bytes as "12.3 MB".
  static func bytes(_ count: Int) -> String {
    let units: [(Int, String)] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")]
    guard let (size, name) = units.first(where: { count >= $0.0 }) else { return "\(count) B" }
    return String(format: "%.1f %@", Double(count) / Double(size), name)
  }

  /// How much of a stage's input came from the provider's cache.
  static func caching(_ cache: CacheBalance) -> String {
    let use = cache.use
    let percent = use.all == 0 ? 0 : use.read * 100 / use.all
    let line =
      "cache: \(percent) % of \(count(use.all, "input token")) read from it, \(count(use.written)) written"
    guard let saved = cache.saved else { return line }
    return saved < .zero
      ? "\(line); cost \(money(.zero - saved)) more than without"
      : "\(line); \(money(saved)) saved"
  }

  /// Milliseconds as "2 h 05 m", "3 m 10 s" or "4 s".
  static func span(_ milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds / 1000)
    if seconds >= 3600 {
      return String(format: "%d h %02d m", Int(seconds / 3600), Int(seconds % 3600 / 60))
    }
    if seconds >= 60 { return String(format: "%d m %02d s", Int(seconds / 60), Int(seconds % 60)) }
    return "\(seconds) s"
  }

  /// A moment as RFC 3339 in UTC.
  static func moment(_ milliseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    return date.formatted(.iso8601)
  }

  /// What has to happen before what waits can be sent.
  static func shortage(_ shortage: Shortage) -> String {
    switch shortage {
    case .account: "batches of the account end"
    case .budget: "what is at the provider frees money of the budget"
    }
  }

  /// What a run spent, on a line.
  static func spending(_ run: RunStanding) -> String {
    var parts = ["cost \(money(run.spent)) of \(money(run.setAside)) set aside"]
    if let expected = run.expected, expected.likely > .zero {
      parts.append("expected \(money(expected.likely))")
    }
    if run.reserved > .zero { parts.append("\(money(run.reserved)) in flight") }
    if let budget = run.budget { parts.append("budget \(money(budget))") }
    if run.overrun > .zero { parts.append("may overrun it by \(money(run.overrun))") }
    return parts.joined(separator: ", ")
  }

  /// What changed besides records.
  private static func causes(_ tally: ReadingTally) -> String {
    let all = tally.causes.keys.filter { !$0.contains(.record) }
      .reduce(into: ChangeCauses()) { $0.formUnion($1) }
    return all.names.joined(separator: ", ")
  }

  /// The changes a reading found.
  static func changes(_ tally: ReadingTally) -> String {
    let parts: [(Int, String)] = [
      (tally.new, "new"), (tally.edited, "edited"),
      (tally.reasked, "asked again (\(causes(tally)))"), (tally.kept, "kept"),
      (tally.retried, "taken up again"), (tally.unchanged, "unchanged"),
      (tally.reused, "answered before"),
      (tally.rejected, "rejected"), (tally.duplicate, "duplicate"), (tally.removed, "removed"),
      (tally.withheld, "not asked again"),
    ]
    let shown = parts.filter { $0.0 > 0 }.map { "\(count($0.0)) \($0.1)" }
    return shown.isEmpty ? "nothing" : shown.joined(separator: ", ")
  }
}
