/// A limit on records: a share of them, or a number.
public enum RecordLimit: Hashable, Sendable {
  /// A share from 0 to 1.
  case share(Double)
  /// A number of records.
  case count(Int)

  /// Reads `1%`, `1 %`, `0.01` (a share) or `100` (a number); nil for anything else.
  public init?(_ text: String) {
    let isPercent = text.hasSuffix("%")
    var digits = isPercent ? text.dropLast() : text[...]
    if isPercent, digits.last == " " { digits.removeLast() }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
    else {
      return nil
    }
    if !isPercent, let count = Int(digits) {
      self = .count(count)
      return
    }
    guard let number = Double(digits), number <= (isPercent ? 100 : 1) else { return nil }
    self = .share(isPercent ? number / 100 : number)
  }

  /// Whether `count` out of `total` records are fewer than the limit asks.
  public func isMissed(by count: Int, of total: Int) -> Bool {
    switch self {
    case .share(let share): Double(count) < share * Double(total)
    case .count(let limit): count < limit
    }
  }

  /// Whether `count` out of `total` records is more than the limit allows.
  public func isExceeded(by count: Int, of total: Int) -> Bool {
    switch self {
    case .share(let share): Double(count) > share * Double(total)
    case .count(let limit): count > limit
    }
  }
}

extension RecordLimit: CustomStringConvertible {
  /// `5 %` or `100`.
  public var description: String {
    switch self {
    case .share(let share):
      let percent = (share * 100_000).rounded() / 1000
      return percent == percent.rounded() ? "\(Int(percent)) %" : "\(percent) %"
    case .count(let count): return "\(count)"
    }
  }
}
