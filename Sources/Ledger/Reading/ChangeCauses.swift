/// Why a record's answer is not what it was asked for any more. The codes are stored.
public struct ChangeCauses: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: Int64

  /// Creates a set.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// A field of the record that key or templates read.
  public static let record = ChangeCauses(rawValue: 1)
  /// A template, or a variable in it.
  public static let template = ChangeCauses(rawValue: 2)
  /// The provider's kind or the model.
  public static let model = ChangeCauses(rawValue: 4)
  /// The answer schema.
  public static let schema = ChangeCauses(rawValue: 8)
  /// `max_tokens` or another parameter.
  public static let parameters = ChangeCauses(rawValue: 16)

  /// The names of the members, in this order: `record`, `template`, `model`, `schema`, `parameters`.
  public var names: [String] {
    let all: [(ChangeCauses, String)] = [
      (.record, "record"), (.template, "template"), (.model, "model"), (.schema, "schema"),
      (.parameters, "parameters"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
