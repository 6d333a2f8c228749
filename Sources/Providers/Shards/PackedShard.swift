/// A shard file that is complete and on disk.
public struct PackedShard: Hashable, Sendable {
  /// The file's name in its folder.
  public let name: String
  /// The file's path.
  public let path: String
  /// The number of requests: lines.
  public let requestCount: Int
  /// The size of the file.
  public let fileByteCount: Int
  /// The input tokens of all requests together.
  public let tokens: TokenEstimate

  /// The size of the create call's body: the lines in their envelope.
  public var bodyByteCount: Int { body.byteCount }

  /// What `AnthropicBatches.create` sends.
  public var body: ShardBody { ShardBody(path: path, fileByteCount: fileByteCount) }
}
