internal import Records

/// A median time.
struct Timing {
  private let nanoseconds: Int64

  /// Runs work once to warm up, then `rounds` times.
  static func median(of rounds: Int, _ body: () throws -> Void) throws -> Timing {
    try body()
    var times: [Int64] = []
    for _ in 0..<rounds {
      let time = try ContinuousClock().measure(body)
      times.append(
        time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
    }
    return Timing(nanoseconds: times.sorted()[rounds / 2])
  }

  /// Seconds, to the tenth of a millisecond.
  var secondsText: String {
    let tenths = nanoseconds / 100_000
    let fraction = String(tenths % 10_000)
    return "\(tenths / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
  }

  /// The figures for so many records and bytes.
  func row(_ records: Int, _ byteCount: Int) -> JSONValue {
    .object([
      "records": .number(records), "bytes": .number(byteCount),
      "ns_per_record": .number(Int(nanoseconds) / records),
      "mb_per_s": .number(byteCount * 1000 / max(1, Int(nanoseconds))),
    ])
  }
}
