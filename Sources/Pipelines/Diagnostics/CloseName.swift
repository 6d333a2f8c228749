/// Finds the name that a misspelt one was probably meant to be.
enum CloseName {
  /// The nearest of `names`: at most a third of the letters differ (swapped neighbours count as
  /// one), letter case aside. Nil when none is near; of equally near ones the first.
  static func of(_ name: String, in names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    var best: (name: String, distance: Int)?
    for candidate in names where candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars)
      let limit = max(1, max(wanted.count, letters.count) / 3)
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      guard distance <= limit, distance < letters.count, distance < best?.distance ?? Int.max
      else { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// `did you mean 'x'?`, or a sentence that lists the names, or nil when there are none.
  static func hint(for name: String, in names: [String], listed what: String) -> String? {
    if let close = of(name, in: names) { return "did you mean '\(close)'?" }
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(20).joined(separator: ", ")
    return "\(what): \(shown)\(names.count > 20 ? ", … (\(names.count) in all)" : "")"
  }

  /// The optimal string alignment distance: insertions, deletions, replacements and swaps of
  /// neighbours.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...right.count {
        let isSame = left[row - 1] == right[column - 1]
        current[column] = min(
          last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          current[column] = min(current[column], beforeLast[column - 2] + 1)
        }
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
