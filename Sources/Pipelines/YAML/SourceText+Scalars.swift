extension SourceText {
  /// Where a place inside a scalar's text (a template's line and column, both from 1) stands in the
  /// file.
  ///
  /// Works for every style: a literal block moves by its indentation; in the others folding,
  /// doubled quotes and escapes move text about, but never the order of its visible characters, so
  /// these are counted.
  ///
  /// - Parameters:
  ///   - inner: The place inside the text.
  ///   - scalar: The scalar.
  ///   - place: Where the scalar begins.
  /// - Returns: The place in the file; for places outside the text the nearest one inside.
  func place(of inner: Place, in scalar: YAMLScalar, at place: Place) -> Place {
    let value = SourceText(scalar.text)
    switch scalar.style {
    case .literal: return placeInLiteral(of: inner, value, header: place)
    case .plain, .folded, .singleQuoted, .doubleQuoted:
      var visible = 0
      for number in 1..<max(1, inner.line) { visible += value.line(number).count { !$0.isBlank } }
      let before = value.line(inner.line).prefix(inner.column - 1)
      visible += before.count { !$0.isBlank }
      let isAtVisible = value.scalar(at: inner).map { !$0.isBlank } ?? false
      let reader = ScalarWalk(self, from: contentStart(scalar.style, place), style: scalar.style)
      if isAtVisible { return reader.place(ofVisible: visible + 1) }
      let last = reader.place(ofVisible: visible)
      let blanks = before.reversed().prefix { $0.isBlank }.count
      return Place(line: last.line, column: last.column + 1 + blanks)
    }
  }

  private func placeInLiteral(of inner: Place, _ value: SourceText, header: Place) -> Place {
    let header = blockHeader(from: header)
    let firstFull = value.lines.firstIndex { $0.contains { !$0.isBlank } } ?? 0
    let indentation =
      line(header.line + 1 + firstFull).prefix { $0 == " " }.count
      - value.line(1 + firstFull).prefix { $0 == " " }.count
    return Place(line: header.line + inner.line, column: inner.column + max(0, indentation))
  }

  /// Where the characters of a scalar begin: after the opening quote, or on the line after a
  /// block's header.
  private func contentStart(_ style: YAMLScalar.Style, _ place: Place) -> Place {
    switch style {
    case .plain: afterProperties(place)
    case .singleQuoted, .doubleQuoted:
      Place(line: afterProperties(place).line, column: afterProperties(place).column + 1)
    case .literal, .folded: Place(line: blockHeader(from: place).line + 1, column: 1)
    }
  }

  /// Skips `&anchor` and `!!tag` before a scalar on its line.
  private func afterProperties(_ place: Place) -> Place {
    let line = line(place.line)
    var column = place.column
    while let first = scalar(at: Place(line: place.line, column: column)),
      first == "&" || first == "!"
    {
      while column <= line.count, !line[column - 1].isBlank { column += 1 }
      while column <= line.count, line[column - 1].isBlank { column += 1 }
    }
    return Place(line: place.line, column: column)
  }

  /// The place of the `|` or `>` of a block scalar.
  private func blockHeader(from place: Place) -> Place {
    let start = afterProperties(place)
    return scalar(at: start) == nil ? Place(line: start.line + 1, column: 1) : start
  }
}

/// A walk over the visible characters of a scalar as it is written in a file.
private struct ScalarWalk {
  private let source: SourceText
  private let start: Place
  private let style: YAMLScalar.Style

  init(_ source: SourceText, from start: Place, style: YAMLScalar.Style) {
    self.source = source
    self.start = start
    self.style = style
  }

  /// The place of the visible character with this number, from 1; of number 0 the place before the
  /// first.
  func place(ofVisible number: Int) -> Place {
    var current = start
    var seen = 0
    while current.line <= source.lines.count, seen < number {
      let (length, isVisible) = unit(at: current)
      if isVisible { seen += 1 }
      if seen == number { return current }
      current =
        length == 0
        ? Place(line: current.line + 1, column: 1)
        : Place(line: current.line, column: current.column + length)
    }
    return Place(line: start.line, column: start.column - 1)
  }

  /// The width of what stands at a place for one character of the text (0 at the end of a line),
  /// and whether that character is visible.
  private func unit(at place: Place) -> (length: Int, isVisible: Bool) {
    guard let scalar = source.scalar(at: place) else { return (0, false) }
    if style == .singleQuoted, scalar == "'" { return (2, true) }
    guard style == .doubleQuoted, scalar == "\\" else { return (1, !scalar.isBlank) }
    guard let escape = source.scalar(at: Place(line: place.line, column: place.column + 1)) else {
      return (1, false)
    }
    switch escape {
    case "x": return (4, true)
    case "u": return (6, true)
    case "U": return (10, true)
    case "n", "t", "r", " ", "\t", "N", "_", "L", "P", "v", "f": return (2, false)
    default: return (2, true)
    }
  }
}

extension Unicode.Scalar {
  /// Whether folding may add or take it: spaces, tabs and line breaks.
  fileprivate var isBlank: Bool {
    switch self {
    case " ", "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{A0}", "\u{B}", "\u{C}": true
    default: false
    }
  }
}
