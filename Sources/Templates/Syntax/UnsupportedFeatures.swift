/// What Jinja has and Leaven refuses, with the reason that is shown.
enum UnsupportedFeatures {
  /// Tags.
  static let tags: [String: (sentence: String, hint: String?)] = [
    "autoescape": (
      "'autoescape' is not supported: prompts are text, nothing is escaped for HTML",
      "leave the tag away, or use the filter 'escape' where it is wanted"
    ),
    "endautoescape": ("'autoescape' is not supported", nil),
    "extends": (
      "'extends' is not supported", "use {% include %} for shared text, {% import %} for macros"
    ),
    "block": (
      "'block' is not supported, since 'extends' is not",
      "use {% include %} for shared text, {% import %} for macros"
    ),
    "endblock": ("'block' is not supported", nil),
    "trans": ("translation ('trans') is not supported", nil),
    "pluralize": ("translation ('trans') is not supported", nil),
    "endtrans": ("translation ('trans') is not supported", nil),
    "debug": ("'debug' is not supported", nil),
  ]

  /// Filters.
  static let filters: [String: String] = [
    "random": "'random' is not supported: an answer's identity needs the same render every time"
  ]

  /// Global functions.
  static let functions: [String: String] = [
    "lipsum": "'lipsum' is not supported: an answer's identity needs the same render every time",
    "super": "'super' is not supported, since 'extends' is not",
    "gettext": "translation ('gettext') is not supported",
    "ngettext": "translation ('ngettext') is not supported",
    "_": "translation ('_') is not supported",
  ]
}

/// Finds the name that was probably meant.
enum NearName {
  /// `did you mean '…'?`, nil when nothing is near.
  static func hint(for name: String, among known: some Sequence<String>) -> String? {
    let limit = max(1, name.count / 3)
    let best = known.map { ($0, distance(name, $0)) }.filter { $0.1 <= limit }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }
    return best.map { "did you mean '\($0.0)'?" }
  }

  /// The number of letters to insert, remove, change or swap.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased().utf8)
    let right = Array(right.lowercased().utf8)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var next = [row + 1]
      for column in 0..<right.count {
        let isSame = left[row] == right[column]
        var cost = min(
          last[column] + (isSame ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        next.append(cost)
      }
      beforeLast = last
      last = next
    }
    return last[right.count]
  }
}
