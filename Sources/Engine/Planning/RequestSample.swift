internal import Providers

/// Some of a stage's requests, spread evenly over all that are seen.
struct RequestSample: Sendable {
  /// A request as a line of a shard file, and how many input tokens it was estimated to have.
  struct Request: Sendable {
    var line: [UInt8]
    var estimate: TokenEstimate
  }

  /// At most so many are kept, and at least half as many when there are more.
  let limit: Int
  private(set) var requests: [Request] = []
  private var stride = 1
  private var seen = 0

  init(_ limit: Int) { self.limit = limit }

  /// Takes a request, or passes it by.
  mutating func offer(
    _ line: @autoclosure () -> [UInt8], _ estimate: @autoclosure () -> TokenEstimate
  ) {
    defer { seen += 1 }
    guard limit > 0, seen % stride == 0 else { return }
    requests.append(Request(line: line(), estimate: estimate()))
    guard requests.count > limit else { return }
    requests = requests.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    stride *= 2
    // Of a single one that is wanted, the first is kept.
    if requests.count > limit { requests.removeLast(requests.count - limit) }
  }
}
