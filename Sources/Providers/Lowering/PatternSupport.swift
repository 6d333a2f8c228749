/// Which regular expressions the provider's grammar takes.
enum PatternSupport {
  /// Whether a pattern does without look-around and back-references.
  static func isSimple(_ pattern: String) -> Bool {
    let bytes = Array(pattern.utf8)
    var isInClass = false
    var position = 0
    while position < bytes.count {
      switch bytes[position] {
      case 0x5C:
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        if !isInClass, (0x31...0x39).contains(next) || next == 0x6B { return false }
        position += 1
      case 0x5B: isInClass = true
      case 0x5D: isInClass = false
      case 0x28 where !isInClass && opensLookAround(bytes[(position + 1)...]): return false
      default: break
      }
      position += 1
    }
    return true
  }

  private static func opensLookAround(_ rest: ArraySlice<UInt8>) -> Bool {
    ["?=", "?!", "?<=", "?<!"].contains { rest.starts(with: $0.utf8) }
  }
}
