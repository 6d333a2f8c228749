internal import Records

/// The text of a pipeline file as lines, broken where YAML breaks them, so that places can be found
/// in it again.
public struct SourceText: Sendable {
  /// The whole text, without a byte order mark.
  public let text: String
  /// The lines without their ends.
  let lines: [[Unicode.Scalar]]

  /// Creates it from decoded text.
  public init(_ text: String) {
    self.text = text
    var lines: [[Unicode.Scalar]] = [[]]
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
      default: lines[lines.count - 1].append(scalar)
      }
      previous = scalar
    }
    self.lines = lines
  }

  /// The line with this number, from 1; empty when there is none.
  func line(_ number: Int) -> [Unicode.Scalar] {
    lines.indices.contains(number - 1) ? lines[number - 1] : []
  }

  /// The scalar at a place; nil at the end of a line.
  func scalar(at place: Place) -> Unicode.Scalar? {
    let line = line(place.line)
    return line.indices.contains(place.column - 1) ? line[place.column - 1] : nil
  }

  /// The place of the scalar at an offset from the beginning of `bytes`, counted as this type
  /// counts lines.
  static func place(ofByte offset: Int, in bytes: ArraySlice<UInt8>) -> Place {
    let before = SourceText(String(decoding: bytes.prefix(offset), as: UTF8.self))
    return Place(line: before.lines.count, column: (before.lines.last?.count ?? 0) + 1)
  }
}
