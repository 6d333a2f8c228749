internal import Pipelines
internal import Records

extension StateFolder {
  /// Keeps what comes on standard input, if the pipeline reads it, so that it can be read again for merging.
  ///
  /// - Throws: `RunError`, `SourceError`, `WriteError`; what was kept before is there still.
  func spoolStandardInput(of plan: PipelinePlan, _ settings: RunSettings) throws {
    guard plan.readsStandardInput, settings.spoolsStandardInput else { return }
    try make()
    _ = try FileSpool.copy(ByteStream(), to: standardInput)
  }
}
