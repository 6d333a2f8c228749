/// Which names pipelines, stages and variables can have.
enum NameRule {
  /// A pipeline's name is a folder's name too: letters, digits, `_`, `-` and `.`, not beginning
  /// with a mark, at most 100 of them.
  static func isPipeline(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, bytes.count <= 100, isLetter(first) || isDigit(first) else {
      return false
    }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || [0x5F, 0x2D, 0x2E].contains($0) }
  }

  /// Stages and variables are read in expressions (`stages.enrich.output`): letters, digits and
  /// `_`, not beginning with a digit, at most 100 of them.
  static func isIdentifier(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, bytes.count <= 100, isLetter(first) || first == 0x5F else {
      return false
    }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x5F }
  }

  /// Whether an environment can have a variable of this name.
  static func isEnvironmentVariable(_ name: String) -> Bool { isIdentifier(name) }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
