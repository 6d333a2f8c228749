internal import Records

/// A JSON pointer (RFC 6901), compared by its bytes.
///
/// Swift's `String` would take two keys for one when they differ only in Unicode normalisation.
struct SchemaPointer: Hashable, Sendable {
  /// The pointer as written: empty, or each token with its slash.
  private(set) var bytes: [UInt8] = []

  init() {}

  /// A pointer as it stands in a URI fragment after percent-decoding; nil unless empty or begun
  /// with a slash.
  init?(text: [UInt8]) {
    guard text.isEmpty || text[0] == 0x2F else { return nil }
    bytes = text
  }

  /// The pointer to a member.
  func appending(_ key: String) -> SchemaPointer {
    var result = self
    result.bytes.append(0x2F)
    for byte in key.utf8 {
      switch byte {
      case 0x7E: result.bytes += [0x7E, 0x30]
      case 0x2F: result.bytes += [0x7E, 0x31]
      default: result.bytes.append(byte)
      }
    }
    return result
  }

  /// The pointer to an element.
  func appending(_ index: Int) -> SchemaPointer { appending(String(index)) }

  /// The pointer followed by another.
  func appending(_ other: SchemaPointer) -> SchemaPointer {
    var result = self
    result.bytes += other.bytes
    return result
  }

  /// The pointer to what holds this; nil for the whole.
  var parent: SchemaPointer? {
    guard let slash = bytes.lastIndex(of: 0x2F) else { return nil }
    var result = SchemaPointer()
    result.bytes = Array(bytes[..<slash])
    return result
  }

  /// The tokens, unescaped.
  var tokens: [[UInt8]] {
    bytes.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst().map { token in
      var result: [UInt8] = []
      var position = token.startIndex
      while position < token.endIndex {
        let next = position + 1
        if token[position] == 0x7E, next < token.endIndex, token[next] &- 0x30 < 2 {
          result.append(token[next] == 0x30 ? 0x7E : 0x2F)
          position += 2
        } else {
          result.append(token[position])
          position += 1
        }
      }
      return result
    }
  }

  /// What the pointer names inside a value; nil when it names nothing.
  func value(in root: JSONValue) -> JSONValue? {
    var value = root
    for token in tokens {
      switch value {
      case .object(let members):
        guard let member = members.last(where: { $0.key.utf8.elementsEqual(token) }) else {
          return nil
        }
        value = member.value
      case .array(let elements):
        guard let index = Int(String(decoding: token, as: UTF8.self)), elements.indices ~= index,
          token.first != 0x2B
        else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }

  /// The pointer as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
