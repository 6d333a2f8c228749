/// Finds the name that was meant.
enum NearName {
  /// The candidate with the fewest letters to change, nil when more than a third of them would have to.
  static func of(_ name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.utf8)
    let nearest = candidates.map { ($0, distance(wanted, Array($0.utf8))) }.min { $0.1 < $1.1 }
    guard let (candidate, steps) = nearest, steps <= max(2, wanted.count / 3) else { return nil }
    return candidate
  }

  /// The Levenshtein distance.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (position, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = position + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
