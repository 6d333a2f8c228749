import Foundation

/// Where the built program is.
enum LeavenBinary {
  /// What LEAVEN_BINARY names, else the program beside the test bundle.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["LEAVEN_BINARY"] { return named }
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? Bundle.main
    var folder = bundle.bundleURL
    if folder.pathExtension == "xctest" { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent("leaven").path
  }()
}
