#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// The folder of one pipeline's state: `<root>/<name>/`. The ledger names files relative to it, so it may be moved or
/// restored.
public struct StateFolder: Sendable, Hashable {
  /// The state root, shared by pipelines.
  public let root: String
  /// The pipeline's folder.
  public let path: String

  /// The file that standard input is spooled into.
  public let standardInput: String

  /// Names the folder of a pipeline; nothing is made yet.
  ///
  /// - Parameters:
  ///   - root: The state root.
  ///   - pipeline: The pipeline's name.
  ///   - standardInput: Where standard input was spooled, when that is elsewhere.
  public init(root: String, pipeline: String, standardInput: String? = nil) {
    self.root = root
    path = root + "/" + pipeline
    self.standardInput = standardInput ?? path + "/stdin"
  }

  /// The folder of shard files.
  public var shards: String { path + "/shards" }
  /// The folder of raw results.
  public var results: String { path + "/results" }
  /// The folder of the built-in sandbox's own state.
  public var sandbox: String { path + "/sandbox" }

  /// A file that the ledger names.
  public func file(_ name: String) -> String { name.hasPrefix("/") ? name : path + "/" + name }

  /// Makes the folders, readable by the user alone: they hold prompts.
  ///
  /// - Throws: `RunError.write`.
  func make() throws(RunError) {
    for folder in [root, path, shards, results] {
      guard mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
      throw RunError.write(WriteError(path: folder, doing: "cannot be made", errno: errno))
    }
  }

  /// Moves a complete file to its name and syncs the folder, so that the name outlives a loss of power.
  ///
  /// - Throws: `RunError.write`.
  func adopt(_ temporary: String, as final: String) throws(RunError) {
    guard rename(temporary, final) == 0 else {
      throw RunError.write(WriteError(path: final, doing: "cannot be renamed", errno: errno))
    }
    let folder = open(results, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    defer { close(folder) }
    // Some file systems cannot sync a folder; there the rename is as durable as they make it.
    guard fsync(folder) == 0 || errno == EINVAL || errno == EBADF else {
      throw RunError.write(WriteError(path: results, doing: "cannot be synced", errno: errno))
    }
  }

  /// Whether a file is there.
  func has(_ file: String) -> Bool { access(file, R_OK) == 0 }

  /// Removes a file; that it is gone already is fine.
  func remove(_ file: String) { unlink(file) }
}
