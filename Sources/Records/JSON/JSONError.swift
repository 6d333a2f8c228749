/// Why bytes are not one JSON text.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: String, Sendable {
    case empty = "there is no JSON value"
    case unexpectedEnd = "the text ends inside a value"
    case unexpectedByte = "this byte cannot stand here"
    case trailingBytes = "there is more after the value"
    case controlCharacter = "a control character in a string must be escaped"
    case badEscape = "this escape does not exist in JSON"
    case loneSurrogate = "a surrogate escape has no partner"
    case badNumber = "this is not a JSON number"
    case badUTF8 = "these bytes are not UTF-8"
    case tooDeep = "arrays and objects are nested too deep"
    case tooLarge = "a JSON text of 4 GB or more is not read"
  }

  /// What is wrong.
  public let reason: Reason
  /// The offset of the byte where it shows, from 0.
  public let offset: Int

  /// Creates an error.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The sentence with the place, counted from 1.
  public var description: String { "\(reason.rawValue) (byte \(offset + 1))" }
}
