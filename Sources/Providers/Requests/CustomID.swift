public import Records

/// The id of a request in its batch: the record's key where the provider's pattern allows, else an id made from
/// it.
///
/// A made id is the first 40 safe characters of the key, `-`, and 20 base-32 digits (lower-case `a`–`z`, `2`–`7`) of the
/// key's hash. A key that looks like a made id is never used as it is, so two keys have the same id only if
/// their hashes collide; the ledger's constraint refuses that.
public enum CustomID {
  /// The provider's pattern, which the catalogue repeats.
  static let pattern = "^[a-zA-Z0-9_-]{1,64}$"

  private static let headLimit = 40
  private static let digitCount = 20
  private static let keyLimit = 64

  /// Appends a key's id; it needs no escaping in JSON.
  public static func append(for key: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) {
    if isUsable(key) {
      output.append(key)
      return
    }
    var kept = 0
    for byte in key where isSafe(byte) {
      output.append(byte)
      kept += 1
      if kept == headLimit { break }
    }
    output.append(0x2D)
    appendDigits(of: ContentHash(of: key), to: &output)
  }

  /// A key's id.
  public static func make(for key: String) -> String {
    var key = key
    return key.withUTF8 { bytes in
      var output = ByteBuffer(capacity: keyLimit)
      append(for: bytes, to: &output)
      return output.text
    }
  }

  /// Whether a key is its own id: `^[a-zA-Z0-9_-]{1,64}$`, and not like a made one.
  public static func isUsable(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    (1...keyLimit).contains(key.count) && key.allSatisfy(isSafe) && !looksMapped(key)
  }

  /// Whether text has the form of a made id.
  public static func looksMapped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let head = text.count - digitCount - 1
    guard (0...headLimit).contains(head), text[head] == 0x2D else { return false }
    return text[..<head].allSatisfy(isSafe)
      && text[(head + 1)...].allSatisfy {
        (0x61...0x7A).contains($0) || (0x32...0x37).contains($0)
      }
  }

  /// Whether an id is the one of a key.
  public static func isID(
    _ id: UnsafeBufferPointer<UInt8>, of key: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    if isUsable(key) { return id.elementsEqual(key) }
    var made = ByteBuffer(capacity: keyLimit)
    append(for: key, to: &made)
    return id.elementsEqual(made.bytes)
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D
      || byte == 0x5F
  }

  /// The first hundred bits of the hash, five a digit.
  private static func appendDigits(of hash: ContentHash, to output: inout ByteBuffer) {
    var (high, low) = (hash.high, hash.low)
    for _ in 0..<digitCount {
      let five = UInt8(high >> 59)
      output.append(five < 26 ? 0x61 + five : 0x32 + five - 26)
      high = high << 5 | low >> 59
      low <<= 5
    }
  }
}
