internal import Foundation
internal import Pipelines

extension StateFolder {
  /// Makes the folder that a target lies in.
  ///
  /// - Throws: `RunError.stateFile`.
  func makeParent(of target: String) throws(RunError) {
    let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw RunError.output(
        path: folder, reason: "the folder cannot be made: \(error.localizedDescription)")
    }
  }

  /// Copies the real database beside itself for a sandboxed merge, if that was not done yet.
  ///
  /// - Throws: `RunError.output`.
  func copyDatabase(to table: MergePlan.TableTarget) throws(RunError) {
    guard let original = table.copyOf, has(original.path) else { return }
    do {
      try? FileManager.default.removeItem(atPath: table.database.path)  // There may be none yet.
      try FileManager.default.copyItem(atPath: original.path, toPath: table.database.path)
    } catch {
      throw RunError.output(
        path: table.database.path, reason: "the copy cannot be made: \(error.localizedDescription)")
    }
  }
}
