internal import Foundation

/// Two texts beside each other, each in half of the line.
enum SideBySide {
  /// The width of one text, in characters.
  static let width = 56

  /// The lines, wrapped at blanks where there are any.
  static func lines(_ left: String, _ right: String) -> [String] {
    let columns = (wrapped(left), wrapped(right))
    return (0..<max(columns.0.count, columns.1.count)).map { number in
      let first = number < columns.0.count ? columns.0[number] : ""
      let second = number < columns.1.count ? columns.1[number] : ""
      let padding = String(repeating: " ", count: max(0, width - first.count))
      return second.isEmpty ? first : "\(first)\(padding) │ \(second)"
    }
  }

  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var rest = paragraph.filter { $0 != "\r" }[...]
      while rest.count > width {
        let end = rest.index(rest.startIndex, offsetBy: width)
        let cut = rest[..<end].lastIndex(of: " ").map { rest.index(after: $0) } ?? end
        lines.append(String(rest[..<cut]))
        rest = rest[cut...]
      }
      lines.append(String(rest))
    }
    return lines
  }
}
