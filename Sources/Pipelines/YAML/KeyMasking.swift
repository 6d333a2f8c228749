internal import Yams

/// A copy of a file's text in which repeated keys are told apart, so that both places can be named.
///
/// The first letter of a key becomes a private-use character: nothing moves, and the parser sees
/// another key.
struct KeyMasking {
  private static let firstMask: UInt32 = 0xF0000
  /// So many repeated keys are named; the rest would not help.
  private static let limit = 100

  private var lines: [[Unicode.Scalar]]
  private var masked: [(mask: Unicode.Scalar, letter: Unicode.Scalar)] = []

  init(_ source: SourceText) {
    lines = source.lines
    text = source.text
  }

  /// The text to parse.
  private(set) var text: String

  /// Renames the key at a place; false when that is not possible.
  mutating func mask(keyAt place: Place) -> Bool {
    guard masked.count < Self.limit, lines.indices.contains(place.line - 1) else { return false }
    let line = lines[place.line - 1]
    var column = place.column - 1
    if line.indices.contains(column), line[column] == "\"" || line[column] == "'" { column += 1 }
    guard line.indices.contains(column), !"\"'?&!*|>\\".unicodeScalars.contains(line[column]),
      let mask = Unicode.Scalar(Self.firstMask + UInt32(masked.count))
    else { return false }
    masked.append((mask, line[column]))
    lines[place.line - 1][column] = mask
    var scalars = String.UnicodeScalarView()
    for (number, line) in lines.enumerated() {
      if number > 0 { scalars.append("\n") }
      scalars.append(contentsOf: line)
    }
    text = String(scalars)
    return true
  }

  /// One diagnostic for every key that repeats an earlier one of its mapping.
  func duplicates(in root: Node, file: String) -> [Diagnostic] {
    guard !masked.isEmpty else { return [] }
    var found: [Diagnostic] = []
    var open = [root]
    var visited = 0
    while let node = open.popLast(), visited < YAMLReader.nodeLimit {
      visited += 1
      switch node {
      case .sequence(let sequence): open += Array(sequence)
      case .mapping(let mapping):
        found += duplicates(in: mapping, file: file)
        open += mapping.map(\.value)
      case .scalar, .alias: break
      }
    }
    return found
  }

  private func duplicates(in mapping: Node.Mapping, file: String) -> [Diagnostic] {
    var first: [String: Place] = [:]
    var found: [Diagnostic] = []
    for (key, _) in mapping {
      guard case .scalar(let scalar) = key, let mark = scalar.mark else { continue }
      let name = unmasked(scalar.string)
      if let earlier = first[name] {
        found.append(
          Diagnostic(
            file: file, at: Place(mark), code: .duplicateKey,
            "the key '\(name)' stands twice in one mapping, first on line \(earlier.line)",
            hint: "keep one of the two"))
      } else {
        first[name] = Place(mark)
      }
    }
    return found
  }

  private func unmasked(_ name: String) -> String {
    guard let first = name.unicodeScalars.first,
      let mask = masked.first(where: { $0.mask == first })
    else { return name }
    var scalars = name.unicodeScalars
    scalars.replaceSubrange(...scalars.startIndex, with: [mask.letter])
    return String(scalars)
  }
}
