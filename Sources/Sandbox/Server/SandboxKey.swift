/// A key that the sandbox lets in, and the workspace it opens.
public struct SandboxKey: Sendable, Hashable {
  /// What a client sends in `x-api-key` or as bearer token.
  public var secret: String
  /// The workspace whose batches the key sees.
  ///
  /// Batches of another workspace do not exist for it.
  public var workspace: String

  /// Creates a key; without `workspace` it has one of its own.
  public init(_ secret: String, workspace: String? = nil) {
    self.secret = secret
    self.workspace = workspace ?? "workspace of \(KeyPrint(of: secret).digits)"
  }
}
