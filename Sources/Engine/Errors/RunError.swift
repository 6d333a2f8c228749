public import Ledger
public import Providers
public import Records
public import Templates

/// Why a run cannot go on now. Says what to do next; nothing that was paid for is lost.
public enum RunError: Error, Sendable {
  /// A source cannot be read, or a record of it is wrong.
  case source(SourceError)
  /// A key is empty, or not a string or number.
  case badKey(stage: String, source: String, line: Int, reason: String)
  /// Two records have one key.
  case duplicateKey(stage: String, source: String, key: String, firstLine: Int?, secondLine: Int)
  /// `where` or `set` cannot be evaluated for a record.
  case expression(stage: String, key: String?, line: Int, RenderError)
  /// What the stage would send is not what the provider's API takes.
  case requestShape(stage: String, problems: [String])
  /// Records without an answer, and the pipeline says `missing: error`.
  case missingAnswers(stage: String, count: Int)
  /// The environment has no key for the provider.
  case noKey(provider: String, variable: String)
  /// The provider's base URL is no URL.
  case badEndpoint(provider: String, url: String)
  /// A call to the provider failed.
  case provider(ProviderError)
  /// The ledger cannot be used.
  case ledger(LedgerError)
  /// An output cannot be written.
  case write(WriteError)
  /// A shard file cannot be written.
  case shard(ShardError)
  /// A file in the state folder is gone or cannot be moved.
  case stateFile(path: String, reason: String)
  /// An output's folder or copy cannot be made.
  case output(path: String, reason: String)
  /// A batch that the ledger knows is unknown to the provider.
  case batchUnknown(stage: String, shard: Int64, batch: String)
  /// The provider does not keep a batch's results any more.
  case resultsGone(stage: String, shard: Int64, batch: String)
  /// Whether the provider has a shard could not be found out.
  case submissionUnknown(stage: String, shard: Int64)
  /// What went first was not good enough to send the rest.
  case canary(CanaryReport)
  /// The run's budget lets nothing more be sent.
  case budget(BudgetStop)
  /// The counts of a stage do not add up.
  case unbalanced(stage: String, counts: String)
  /// SIGINT or SIGTERM.
  case interrupted

  /// How the command ends.
  public var exitStatus: ExitStatus {
    switch self {
    case .source(let error): error.exitStatus
    case .badKey, .duplicateKey, .expression, .requestShape, .missingAnswers, .badEndpoint,
      .noKey:
      .data
    case .provider(let error):
      error.stopsRun ? .refused : error.isNotWritten ? .cannotWrite : .tryAgain
    case .ledger(let error): error.exitStatus
    case .write(let error): error.exitStatus
    case .shard, .stateFile, .output: .cannotWrite
    case .batchUnknown, .submissionUnknown, .resultsGone, .budget, .canary: .decisionNeeded
    case .unbalanced: .bug
    case .interrupted: .tryAgain
    }
  }
}

extension SourceError {
  /// How a command ends on this error.
  public var exitStatus: ExitStatus { code == .busyDatabase ? .tryAgain : .data }
}

extension WriteError {
  /// How a command ends on this error.
  public var exitStatus: ExitStatus {
    switch code {
    case .unwritable, .diskFull, .badDatabase: .cannotWrite
    case .busyDatabase: .tryAgain
    case .unknownField, .unknownTable, .unknownColumn, .sharedColumn, .notUnique, .refusedRow:
      .data
    }
  }
}

extension LedgerError {
  /// How a command ends on this error.
  public var exitStatus: ExitStatus {
    switch code {
    case .newerVersion, .belongsElsewhere, .corrupt, .absent: .data
    case .cannotWrite: .cannotWrite
    case .locked: .tryAgain
    case .failed: .bug
    }
  }
}
