/// Reads pipeline files.
public enum PipelineReader {
  /// Reads a file.
  ///
  /// - Parameter path: Its path, absolute or relative to the current folder; diagnostics show it as
  ///   it is given.
  /// - Returns: The file as written.
  /// - Throws: `PipelineProblems` when it cannot be read or is not YAML of the kind that pipeline
  ///   files use. What the values mean is not looked at: that is `PipelineChecker`'s work.
  public static func read(_ path: String) throws(PipelineProblems) -> PipelineFile {
    guard let bytes = FilePath.bytes(of: path) else {
      throw PipelineProblems([
        Diagnostic(
          file: path, at: .start, code: .fileUnreadable, FilePath.problem(reading: path),
          hint: "give the path of a pipeline file")
      ])
    }
    return try read(bytes, path: path)
  }

  /// Reads a file's bytes that were read elsewhere.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - path: The file's path, as in `read(_:)`.
  /// - Returns: The file as written.
  /// - Throws: `PipelineProblems`, as `read(_:)`.
  public static func read(_ bytes: [UInt8], path: String) throws(PipelineProblems) -> PipelineFile {
    let (root, source) = try YAMLReader.read(bytes, file: path)
    return PipelineFile(
      path: path, absolutePath: FilePath.absolute(path), root: root, source: source)
  }
}
