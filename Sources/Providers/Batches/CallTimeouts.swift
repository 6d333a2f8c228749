/// Bounds on the time of each kind of call.
public struct CallTimeouts: Hashable, Sendable {
  /// For creating a batch: the upload, and the time the provider takes to store it.
  public var create = HTTPRequest.Timeouts(stall: .seconds(300), total: .seconds(3600))
  /// For downloading results.
  public var results = HTTPRequest.Timeouts(stall: .seconds(120), total: .seconds(14_400))
  /// For everything else.
  public var other = HTTPRequest.Timeouts(stall: .seconds(60), total: .seconds(120))

  /// Creates the usual bounds.
  public init() {}
}
