#if canImport(Glibc)
  public import Glibc
#else
  public import Darwin
#endif

/// A value in a `JSONTape`: three words, copied freely, valid until the tape is used again and as long as the
/// bytes it was parsed from.
///
/// Not `Sendable` on purpose: it is a borrowed look at memory that its owner reuses.
@frozen public struct JSONView {
  @usableFromInline let bytes: UnsafePointer<UInt8>
  @usableFromInline let nodes: UnsafePointer<JSONNode>
  @usableFromInline let index: Int

  @inlinable init(bytes: UnsafePointer<UInt8>, nodes: UnsafePointer<JSONNode>, index: Int) {
    self.bytes = bytes
    self.nodes = nodes
    self.index = index
  }

  /// The node behind the view.
  @inlinable public var node: JSONNode { nodes[index] }
  /// What the value is.
  @inlinable public var kind: JSONNode.Kind { nodes[index].kind }
  /// The number of elements or members; 0 for scalars.
  @inlinable public var count: Int { Int(nodes[index].count) }
  /// Whether the value is null.
  @inlinable public var isNull: Bool { kind == .null }

  /// The text as it stands in the source: of a string between its quotes (escaped, if the source escaped it),
  /// of a number its digits, of an array or object all of it.
  ///
  /// Of a value that was built on a tape: arrays and objects have none; a string is escaped as its flags say.
  @inlinable public var rawBytes: UnsafeBufferPointer<UInt8> {
    let node = nodes[index]
    return UnsafeBufferPointer(start: bytes + Int(node.start), count: Int(node.end - node.start))
  }

  /// The decoded text of a string, the digits of a number, the word of a Boolean or null; an array or object
  /// as compact JSON.
  public var text: String {
    switch kind {
    case .string:
      if !node.flags.contains(.needsDecoding) { return String(decoding: rawBytes, as: UTF8.self) }
      var buffer = ByteBuffer(capacity: rawBytes.count)
      appendText(to: &buffer)
      return buffer.text
    case .number: return String(decoding: rawBytes, as: UTF8.self)
    case .true: return "true"
    case .false: return "false"
    case .null: return "null"
    case .array, .object:
      var buffer = ByteBuffer()
      appendJSON(to: &buffer)
      return buffer.text
    }
  }

  /// Appends the decoded text of a string (for other kinds, what `text` says).
  public func appendText(to output: inout ByteBuffer) {
    switch kind {
    case .string:
      if node.flags.contains(.needsDecoding) {
        JSONEscape.decode(rawBytes, to: &output)
      } else {
        output.append(rawBytes)
      }
    case .number: output.append(rawBytes)
    case .true: output.append("true")
    case .false: output.append("false")
    case .null: output.append("null")
    case .array, .object: appendJSON(to: &output)
    }
  }

  /// Appends the text of a string in canonical escaped form, without quotes.
  ///
  /// A string that already is in that form is copied as it stands.
  ///
  /// - Precondition: The value is a string.
  public func appendEscapedText(to output: inout ByteBuffer) {
    precondition(kind == .string, "only strings have escaped text")
    let flags = node.flags
    if !flags.contains(.needsEncoding) {
      output.append(rawBytes)
    } else if flags.contains(.needsDecoding) {
      JSONEscape.recode(rawBytes, to: &output)
    } else {
      JSONEscape.append(rawBytes, to: &output)
    }
  }

  /// Appends the value as compact JSON: numbers keep their text, objects their order and their repeated keys,
  /// strings are in canonical escaped form.
  public func appendJSON(to output: inout ByteBuffer) {
    switch kind {
    case .string:
      output.append(0x22)
      appendEscapedText(to: &output)
      output.append(0x22)
    case .array:
      output.append(0x5B)
      var isFirst = true
      for element in elements {
        if !isFirst { output.append(0x2C) }
        isFirst = false
        element.appendJSON(to: &output)
      }
      output.append(0x5D)
    case .object:
      output.append(0x7B)
      var isFirst = true
      for member in members {
        if !isFirst { output.append(0x2C) }
        isFirst = false
        member.key.appendJSON(to: &output)
        output.append(0x3A)
        member.value.appendJSON(to: &output)
      }
      output.append(0x7D)
    default: appendText(to: &output)
    }
  }

  /// The value of a Boolean; nil for other kinds.
  public var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The value of a number written as an integer that fits; nil otherwise.
  public var int: Int? {
    guard kind == .number, node.flags.contains(.integer) else { return nil }
    return Int(text)
  }

  /// The nearest double to a number (infinite when out of range); nil for other kinds.
  public var double: Double? {
    guard kind == .number else { return nil }
    return Double(text)
  }

  /// Whether two strings have the same decoded text, byte for byte.
  ///
  /// - Precondition: Both values are strings.
  public func hasSameText(as other: JSONView) -> Bool {
    if other.node.flags.contains(.needsDecoding) {
      var decoded = ByteBuffer(capacity: other.rawBytes.count)
      other.appendText(to: &decoded)
      return hasText(decoded.bytes)
    }
    return hasText(other.rawBytes)
  }

  /// Whether a string's decoded text is exactly these bytes.
  ///
  /// - Precondition: The value is a string.
  @inlinable public func hasText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let node = nodes[index]
    if node.flags.contains(.needsDecoding) { return hasDecodedText(text) }
    guard Int(node.end - node.start) == text.count else { return false }
    guard text.count > 0, let wanted = text.baseAddress else { return true }
    return memcmp(bytes + Int(node.start), wanted, text.count) == 0
  }

  @usableFromInline func hasDecodedText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var decoded = ByteBuffer(capacity: rawBytes.count)
    JSONEscape.decode(rawBytes, to: &decoded)
    return decoded.bytes.elementsEqual(text)
  }
}
