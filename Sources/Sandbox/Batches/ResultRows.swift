internal import Records

/// The rows of a provider's batches: where the id and the body of a stored request are, and how a
/// result is written.
protocol ResultRows: Sendable {
  var dialect: any Dialect { get }
  /// Whether what did not succeed goes to a file of its own.
  var separatesFailures: Bool { get }

  /// The id (nil without one) and the body of a stored request; nil when it has no body.
  func parts(of request: JSONView) -> (id: JSONView?, body: JSONView)?
  /// What stands before and after the answer of a row that succeeded.
  func open(_ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer)
  func close(to output: inout ByteBuffer)
  /// Appends a row that failed, with its line end.
  func append(
    _ error: APIError, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer)
  /// Appends a row that was not worked on, with its line end.
  func append(
    _ undone: UndoneRow, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer)
}

/// Why a row was not worked on.
enum UndoneRow: String, Sendable { case canceled, expired }
