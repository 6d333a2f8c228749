internal import Ledger
internal import Providers

/// Which way requests go when the pipeline leaves it open, and why.
struct SpeedChoice: Hashable {
  /// Fewer requests are not worth a batch, unless they are dear.
  static let fewRequests = 300
  /// A batch that saves less is not worth a wait.
  static let littleMoney = Money(nanodollars: 1_000_000_000)

  /// The way.
  var lane: ShardLane
  /// One clause for people.
  var reason: String

  /// Chooses for requests that wait.
  ///
  /// - Parameters:
  ///   - requests: How many there are, those in batches included.
  ///   - saving: What a batch would save, likely; nil when no price is known.
  init(requests: Int, saving: Money?) {
    let few = requests < Self.fewRequests
    let number = "\(requests) request\(requests == 1 ? "" : "s")"
    guard few else {
      self.init(.batch, "\(number) are worth a batch, at half the price and within a day")
      return
    }
    guard let saving else {
      self.init(.concurrent, "\(number) are too few for a batch")
      return
    }
    if saving < Self.littleMoney {
      self.init(
        .concurrent, "\(number) are too few for a batch, which would save about \(saving)")
    } else {
      self.init(.batch, "a batch of \(number) saves about \(saving)")
    }
  }

  /// Chooses a way.
  init(_ lane: ShardLane, _ reason: String) {
    self.lane = lane
    self.reason = reason
  }
}
