internal import Foundation
public import Templates

/// The pictures and documents that are shown with a stage's prompts.
public struct AttachmentsPlan: Sendable {
  /// A template for each: its path, or its address; empty text for none.
  public let templates: [CompiledTemplate]
  /// The folder that paths start from.
  let directory: String

  /// Why a file cannot be attached.
  public enum Problem: Error, Hashable, Sendable {
    /// It is not there, is no file, or cannot be read; in words.
    case missing(String)
    /// It has more bytes than a request takes.
    case tooLarge(byteCount: Int)
  }

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - path: Where it is, relative to the pipeline file.
  ///   - limit: The most bytes that are read.
  /// - Returns: All of them.
  /// - Throws: `Problem`.
  public func bytes(of path: String, limit: Int) throws(Problem) -> [UInt8] {
    let resolved = FilePath.resolve(path, in: directory)
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: resolved).resolvingSymlinksInPath().path)
    } catch {
      throw .missing(FilePath.problem(reading: resolved, called: path))
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw .missing("'\(path)' is no file")
    }
    let count = attributes[.size] as? Int ?? 0
    if count > limit { throw .tooLarge(byteCount: count) }
    guard let bytes = FilePath.bytes(of: resolved) else {
      throw .missing(FilePath.problem(reading: resolved, called: path))
    }
    return bytes
  }
}
