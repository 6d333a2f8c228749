/// One request to a synchronous API, made of a request line.
public struct ConcurrentCall: Sendable {
  /// The request's id as it stands in its line, without the quotes.
  public var customID: [UInt8]
  /// What is sent.
  public var body: [UInt8]
  /// About so many tokens it will use, input and output.
  public var tokens: Int

  /// Creates a call.
  public init(customID: [UInt8], body: [UInt8], tokens: Int) {
    self.customID = customID
    self.body = body
    self.tokens = tokens
  }
}
