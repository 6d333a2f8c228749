internal import Ledger
internal import Providers
internal import Records
internal import Templates

extension RunError: CustomStringConvertible {
  /// What went wrong, and where.
  public var description: String {
    switch self {
    case .source(let error): error.located
    case .badKey(let stage, let source, let line, let reason):
      "\(source):\(line): stage '\(stage)': \(reason)"
    case .duplicateKey(let stage, let source, let key, let first, let second):
      "\(source):\(second): stage '\(stage)': the key '\(key)' stands already"
        + (first.map { " on line \($0)" } ?? "")
    case .expression(let stage, let key, let line, let error):
      "stage '\(stage)', record \(key.map { "'\($0)' " } ?? "")(line \(line)): "
        + error.sentence(ofStage: stage)
    case .requestShape(let stage, let problems):
      "stage '\(stage)': the requests are not what the API takes: \(problems.joined(separator: "; "))"
    case .missingAnswers(let stage, let count):
      "stage '\(stage)': \(count) \(count == 1 ? "record has" : "records have") no accepted answer, "
        + "and the pipeline says missing: error"
    case .noKey(let provider, let variable):
      "provider '\(provider)': the environment variable \(variable) is not set"
    case .badEndpoint(let provider, let url):
      "provider '\(provider)': '\(url)' is not an http or https URL"
    case .provider(let error): error.description
    case .ledger(let error): error.description
    case .write(let error): "\(error.path): \(error.sentence)"
    case .shard(let error): error.description
    case .stateFile(let path, let reason), .output(let path, let reason): "\(path): \(reason)"
    case .batchUnknown(let stage, let shard, let batch):
      "stage '\(stage)': the provider does not know batch \(batch) (shard \(shard))"
    case .resultsGone(let stage, let shard, let batch):
      "stage '\(stage)': the provider no longer keeps the results of batch \(batch) (shard \(shard))"
    case .submissionUnknown(let stage, let shard):
      "stage '\(stage)': whether the provider has shard \(shard) cannot be found out"
    case .canary(let report): report.description
    case .budget(let stop): stop.description
    case .unbalanced(let stage, let counts): "stage '\(stage)': the counts do not add up: \(counts)"
    case .interrupted: "interrupted"
    }
  }

  /// What to do next; nil when the description says it.
  public var hint: String? {
    switch self {
    case .source(let error): error.hint
    case .badKey: "every record needs a key of its own: choose another key: field or template"
    case .duplicateKey:
      "make the keys unique, or say on_duplicate: first (or last) in the stage's extract"
    case .expression(_, _, _, let error):
      (error.hint ?? "mend the expression; default(…) stands in for what some records lack")
        + "; then run again: what was paid for is kept"
    case .requestShape: "look at one with: leaven preview PIPELINE"
    case .missingAnswers(let stage, _):
      "look at them with: leaven failures PIPELINE --stage \(stage); or say missing: null or skip"
    case .noKey(_, let variable):
      "export \(variable)=…, or try the pipeline without a key: leaven run --sandbox PIPELINE"
    case .badEndpoint: "write base_url: https://… in the pipeline's providers"
    case .provider(let error): error.hint
    case .ledger(let error): error.hint
    case .write(let error): error.hint ?? "mend it and run again: what was paid for is kept"
    case .shard(let error): error.hint
    case .output: "make the folder writable, or name another (in merge:, or with --to)"
    case .stateFile: "restore the state folder, or move it aside to start anew"
    case .batchUnknown(_, let shard, _):
      "is the key of another workspace? If the batch really is gone, ask its records again: "
        + "leaven run --assume-absent \(shard) PIPELINE"
    case .resultsGone(_, let shard, _):
      "they cannot be had any more; to ask its records again, and pay again: "
        + "leaven run --assume-absent \(shard) PIPELINE"
    case .submissionUnknown(_, let shard):
      "look at the provider's console; if the batch is not there: leaven run --assume-absent \(shard) PIPELINE"
    case .canary(let report): report.hint
    case .budget(let stop): stop.hint
    case .unbalanced: "this is a bug in Leaven; the state folder is evidence, please keep it"
    case .interrupted: "nothing is lost; the same command goes on from here"
    }
  }
}

extension RenderError {
  /// What is wrong with which expression of a stage.
  fileprivate func sentence(ofStage stage: String) -> String {
    guard name.hasPrefix("\(stage).") else { return description }
    let part = String(name.dropFirst(stage.count + 1))
    let field = part.hasPrefix("set.") ? "the field '\(part.dropFirst(4))'" : "'\(part)'"
    return
      "\(field) cannot be calculated: \(sentence) (line \(line), column \(column) of its expression)"
  }
}
