/// A complete response.
public struct HTTPResponse: Sendable {
  /// The status, 200 to 599.
  public let status: Int
  /// Names in lower case, in the order received; a name may stand twice.
  public let headers: [(name: String, value: String)]
  /// The body, empty when it went to a file.
  public let body: [UInt8]
  /// The number of bytes of the body, wherever it went.
  public let bodyByteCount: Int

  /// Creates a response.
  public init(
    status: Int, headers: [(name: String, value: String)], body: [UInt8], bodyByteCount: Int
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.bodyByteCount = bodyByteCount
  }

  /// Whether the status is 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }

  /// The first value of a header; its name in lower case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }

  /// The `Date` header in UTC milliseconds; nil when it is missing or no date.
  public var date: Int64? { header("date").flatMap(HTTPDate.milliseconds) }
}
