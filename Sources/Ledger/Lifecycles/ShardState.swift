/// How far a shard is. The names are stored.
public enum ShardState: String, Sendable, CaseIterable {
  /// Its file is complete; the provider has not heard of it.
  case packed
  /// A create is about to be sent, or was sent and the answer is not known.
  case submitting
  /// A batch was found that may be this shard's; it is awaited, its custom_ids decide.
  case adopting
  /// Whether the provider has it cannot be found out; a person decides.
  case unknown
  /// The provider has it.
  case submitted
  /// The provider has finished it.
  case ended
  /// Its results file is complete on disk.
  case collected
  /// Its requests go to the synchronous API one by one; the answers so far are in its results file.
  case asking
  /// Every row is applied.
  case settled
  /// Its file was handed out; results come with `import`.
  case exported
  /// It was given up before it was sent, or taken back.
  case discarded
}
