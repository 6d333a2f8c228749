public import Records

/// The JSON value found in a model's text.
public struct Answer {
  /// Where it was.
  public enum Source: Sendable, Hashable {
    /// It is the whole text.
    case whole
    /// In a code fence.
    case fence
    /// Between other text.
    case embedded
  }

  /// What was changed to make it JSON.
  public struct Repairs: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int

    /// Creates a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Commas before a closing bracket were left out.
    public static let trailingCommas = Repairs(rawValue: 1)
    /// Line ends and other control characters inside strings were escaped.
    public static let rawControls = Repairs(rawValue: 2)
    /// The text ends inside the value: what was not complete was left out, what was open was
    /// closed.
    public static let cutEnd = Repairs(rawValue: 4)

    /// What was changed, in words; empty when nothing was.
    public var words: String {
      let all: [(Repairs, String)] = [
        (.trailingCommas, "trailing comma"), (.rawControls, "raw control character"),
        (.cutEnd, "cut end"),
      ]
      return all.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
  }

  /// The value.
  public let value: JSONView
  /// Where it was.
  public let source: Source
  /// What was changed; empty for an answer read strictly.
  public let repairs: Repairs

  /// Whether anything was changed.
  public var isRepaired: Bool { !repairs.isEmpty }
}
