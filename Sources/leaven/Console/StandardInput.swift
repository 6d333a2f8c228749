internal import Foundation

/// What standard input is.
enum StandardInput {
  /// Whether something is piped or redirected into the program; false for a terminal and for /dev/null, which
  /// is what cron gives.
  static var isPiped: Bool {
    var status = stat()
    guard fstat(0, &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind == S_IFIFO || kind == S_IFREG || kind == S_IFSOCK
  }
}
