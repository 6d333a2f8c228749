/// A pipeline file as written: every value with its line and column, nothing decided yet.
public struct PipelineFile: Sendable {
  /// The path, as the user gave it.
  public let path: String
  /// The folder that paths in the file are relative to, absolute.
  public let directory: String
  /// The file's absolute path.
  public let absolutePath: String
  /// The values.
  public let root: YAMLNode
  /// The text, in which places can be found.
  public let source: SourceText

  /// Creates a file from its parts.
  public init(path: String, absolutePath: String, root: YAMLNode, source: SourceText) {
    self.path = path
    self.absolutePath = absolutePath
    self.directory = FilePath.parent(of: absolutePath)
    self.root = root
    self.source = source
  }
}
