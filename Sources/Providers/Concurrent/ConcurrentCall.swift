/// One request to a synchronous API, made of a request line.
public struct ConcurrentCall: Sendable {
  /// The request's id as it stands in its line, without the quotes.
  public var customID: [UInt8]
  /// What is sent.
  public var body: [UInt8]
  /// About so many tokens it will use, input and output.
  public var tokens: Int
  /// What it is for, where the path names it and not the body: a model; else empty.
  public var resource: String

  /// Creates a call.
  public init(customID: [UInt8], body: [UInt8], tokens: Int, resource: String = "") {
    self.customID = customID
    self.body = body
    self.tokens = tokens
    self.resource = resource
  }
}
