internal import Ledger
internal import Providers
internal import Records

extension RunError {
  /// The run's error for one of a module it uses; nil for another kind of error.
  init?(_ error: any Error) {
    switch error {
    case let error as RunError: self = error
    case let error as SourceError: self = .source(error)
    case let error as ProviderError: self = .provider(error)
    case let error as LedgerError: self = .ledger(error)
    case let error as WriteError: self = .write(error)
    case let error as ShardError: self = .shard(error)
    case is CancellationError: self = .interrupted
    default: return nil
    }
  }

  /// Runs work and gives what it throws the run's type.
  static func typed<Value>(
    _ body: () async throws -> Value
  ) async throws(RunError) -> Value {
    do {
      return try await body()
    } catch {
      guard let typed = RunError(error) else {
        preconditionFailure("an error no step of a run throws: \(error)")
      }
      throw typed
    }
  }
}
