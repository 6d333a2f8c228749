#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The operating system's number for what went wrong, with its words.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number (`errno`).
  public let number: Int32

  /// Creates an error from a number.
  public init(_ number: Int32) { self.number = number }

  /// The number of the call that failed just now on this thread.
  public static var last: SystemError { SystemError(errno) }

  /// Whether the disk, the quota or the size a file may have is used up.
  public var isDiskFull: Bool { number == ENOSPC || number == EDQUOT || number == EFBIG }

  /// The system's words, such as `No space left on device`.
  public var description: String {
    var words = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &words, words.count) == 0 else { return "error \(number)" }
    return String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
