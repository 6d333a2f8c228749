internal import Records

extension SandboxWorld {
  /// Where the bytes of a file are.
  func path(of file: StoredFile) -> String {
    switch file.source {
    case .upload: directory.upload(file.id)
    case .results: directory.results(of: file.batch)
    case .failures: directory.failures(of: file.batch)
    }
  }

  /// Deletes a file and its bytes; a batch made of it keeps its rows.
  func delete(_ file: StoredFile, atMs ms: Int64) throws(SandboxError) {
    try files.delete(file.id, atMs: ms)
    directory.remove(path(of: file))
  }

  /// Makes files of the results of a batch that ends, as far as its provider does.
  ///
  /// Done again after a crash, it changes nothing.
  func keepResultFiles(of batch: BatchRecord, _ outcome: Settlement.Outcome) throws(SandboxError) {
    let made: [StoredFile]
    switch batch.terms {
    case .anthropic: made = []
    case .openai: made = batch.openAIFiles(outcome)
    case .gemini: made = batch.geminiFiles(outcome)
    }
    for var file in made {
      let bytes = directory.size(of: path(of: file)) ?? 0
      file = file.sized(bytes)
      try files.keep(file)
    }
  }
}

extension StoredFile {
  /// The same file with its size.
  fileprivate func sized(_ bytes: Int) -> StoredFile {
    StoredFile(
      id: id, api: api, workspace: workspace, filename: filename, kind: kind, byteCount: bytes,
      createdAtMs: createdAtMs, expiresAtMs: expiresAtMs, source: source, batch: batch)
  }
}
