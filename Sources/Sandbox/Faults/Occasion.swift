internal import Records

/// Which of many countable things (calls of a route, batches) are meant, counted from 1.
///
/// All, unless narrowed.
struct Occasion: Hashable, Sendable {
  /// Exactly these.
  var nth: [Int]?
  var from = 1
  var until = Int.max
  /// Each so-manieth, beginning with `from`.
  var every = 1

  init() {}

  /// Reads `{"nth": 2}`, `{"nth": [1, 3]}` or `{"from": 2, "until": 9, "every": 3}`; nil is all.
  init(_ json: JSONValue?, _ place: ScriptPlace) throws(SandboxError) {
    guard let json else { return }
    try place.allow(["nth", "from", "until", "every"], in: json)
    if let one = json["nth"]?.int { nth = [one] }
    if let some = json["nth"]?.array { nth = some.compactMap(\.int) }
    from = json["from"]?.int ?? 1
    until = json["until"]?.int ?? Int.max
    every = max(1, json["every"]?.int ?? 1)
  }

  /// Whether the thing with this number is meant.
  func includes(_ number: Int) -> Bool {
    if let nth, !nth.contains(number) { return false }
    return number >= from && number <= until && (number - from) % every == 0
  }
}
