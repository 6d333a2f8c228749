/// An amount of US dollars, exact to a billionth.
public struct Money: Hashable, Sendable, Comparable {
  /// Billionths of a dollar.
  public let nanodollars: Int64

  /// Creates an amount.
  public init(nanodollars: Int64) { self.nanodollars = nanodollars }

  /// Reads dollars written as a decimal, `12.50`.
  ///
  /// Nil for anything else, for more than nine decimals that matter and for amounts above nine
  /// billion dollars.
  public init?(dollars text: String) {
    guard let scaled = Decimal.scaled(text, digits: 9) else { return nil }
    self.init(nanodollars: scaled)
  }

  /// Nothing.
  public static let zero = Money(nanodollars: 0)

  /// The sum.
  public static func + (left: Money, right: Money) -> Money {
    Money(nanodollars: left.nanodollars + right.nanodollars)
  }

  /// The difference.
  public static func - (left: Money, right: Money) -> Money {
    Money(nanodollars: left.nanodollars - right.nanodollars)
  }

  /// The amount `count` times.
  public static func * (amount: Money, count: Int) -> Money {
    Money(nanodollars: amount.nanodollars * Int64(count))
  }

  /// Adds an amount.
  public static func += (left: inout Money, right: Money) { left = left + right }

  /// Takes an amount away.
  public static func -= (left: inout Money, right: Money) { left = left - right }

  /// Orders by amount.
  public static func < (left: Money, right: Money) -> Bool { left.nanodollars < right.nanodollars }
}

extension Money: CustomStringConvertible {
  /// The amount for people, `$12.50`: at least two decimals, and of an amount below a dollar as many as show its
  /// first three digits.
  public var description: String {
    let magnitude = nanodollars.magnitude
    var unit: UInt64 = 10_000_000
    if magnitude < 1_000_000_000 {
      while unit > 1, magnitude < unit * 100 { unit /= 10 }
    }
    let rounded = (magnitude + unit / 2) / unit * unit
    var digits = String(rounded % 1_000_000_000 + 1_000_000_000).dropFirst()
    while digits.count > 2, digits.last == "0" { digits.removeLast() }
    return "\(nanodollars < 0 && rounded > 0 ? "-" : "")$\(rounded / 1_000_000_000).\(digits)"
  }

  /// The exact amount in dollars as a decimal, `12.5`, for JSON.
  public var decimal: String {
    let magnitude = nanodollars.magnitude
    var text = "\(nanodollars < 0 ? "-" : "")\(magnitude / 1_000_000_000)"
    var digits = String(magnitude % 1_000_000_000 + 1_000_000_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    if !digits.isEmpty { text += ".\(digits)" }
    return text
  }
}
