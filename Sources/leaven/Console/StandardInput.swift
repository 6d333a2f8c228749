internal import Engine
internal import Foundation
internal import Pipelines
internal import Records

/// What standard input is.
enum StandardInput {
  /// Does something with settings that name what is piped in, for commands that only look: it is kept for as long as
  /// they do, and what runs keep stays as it is.
  static func lookedAt<Value>(
    by plan: PipelinePlan, _ settings: RunSettings, _ body: (RunSettings) async throws -> Value
  ) async throws -> Value {
    guard plan.readsStandardInput, isPiped else { return try await body(settings) }
    let folder = FileManager.default.temporaryDirectory.path + "/leaven-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    // A folder that stays is only room on a disk that is cleared by itself.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var looking = settings
    looking.standardInput = folder + "/stdin"
    _ = try FileSpool.copy(ByteStream(), to: folder + "/stdin")
    return try await body(looking)
  }

  /// Whether something is piped or redirected into the program; false for a terminal and for /dev/null, which
  /// is what cron gives.
  static var isPiped: Bool {
    var status = stat()
    guard fstat(0, &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind == S_IFIFO || kind == S_IFREG || kind == S_IFSOCK
  }
}
