/// A file that a plan names.
public struct PlannedFile: Hashable, Sendable {
  /// Where it is, absolute.
  public let path: String
  /// How messages call it: as the user wrote it, relative to where the pipeline file was given
  /// from.
  public let shownPath: String

  /// Names a file.
  public init(path: String, shownPath: String) {
    self.path = path
    self.shownPath = shownPath
  }

  /// The same file with `.sandbox` before its ending: what a sandboxed run writes instead.
  var sandboxed: PlannedFile {
    PlannedFile(path: Self.sandboxed(path), shownPath: Self.sandboxed(shownPath))
  }

  private static func sandboxed(_ path: String) -> String {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return path + ".sandbox"
    }
    return path[..<dot] + ".sandbox" + path[dot...]
  }
}
