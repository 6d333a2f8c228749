public import Foundation

/// The folder of public test suites: what the environment's LEAVEN_SUITES names, else `../shared/suites` beside the
/// package.
public enum SuiteFolder {
  /// A folder or file of the suites, nil when it is not there.
  public static func url(_ path: String) -> URL? {
    let url = root.appendingPathComponent(path)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// Tells whether a suite is there; says so on standard error when not, so that a skipped suite is seen.
  public static func has(_ path: String) -> Bool {
    if url(path) != nil { return true }
    FileHandle.standardError.write(Data("SKIPPED: no \(path) in \(root.path)\n".utf8))
    return false
  }

  /// The root of the package these tests belong to.
  public static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static var root: URL {
    if let named = ProcessInfo.processInfo.environment["LEAVEN_SUITES"] {
      return URL(fileURLWithPath: named)
    }
    return packageRoot.deletingLastPathComponent().appendingPathComponent("shared/suites")
  }
}
