import Foundation
import Synchronization

/// Counts the verdicts of a public suite and prints them as one line.
final class SuiteScore: Sendable {
  private struct Counts {
    var right = 0
    var refused = 0
    var wrong: [String] = []
  }

  private let name: String
  private let counts = Mutex(Counts())

  init(_ name: String) { self.name = name }

  /// The cases whose outcome was another than the suite's.
  var wrong: [String] { counts.withLock { $0.wrong } }

  func right() { counts.withLock { $0.right += 1 } }
  func refused() { counts.withLock { $0.refused += 1 } }
  func wrong(_ what: String) { counts.withLock { $0.wrong.append(what) } }

  /// Prints `score <suite>: right N, refused N, wrong N`.
  func report() {
    let line = counts.withLock {
      "score \(name): right \($0.right), refused \($0.refused), wrong \($0.wrong.count)\n"
    }
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}
