extension GeminiBatches {
  /// Downloads the file of an ended batch's answers.
  ///
  /// A batch that was canceled, or whose time was over, has none, and leaves an empty file.
  ///
  /// - Throws: `ProviderError`.
  public func results(
    of batch: BatchState, to path: String
  ) async throws(ProviderError) -> (byteCount: Int, answer: ServerFacts) {
    guard batch.isEnded else {
      throw ProviderError(.results, .noResults("the results of \(batch.id) are not there yet"))
    }
    guard let file = batch.files.output else {
      guard batch.end != .complete else {
        throw ProviderError(
          .results, .noResults("the batch \(batch.id) succeeded, and names no file of results"))
      }
      try calls.writing { () throws(SystemError) in try ResultsParts.make(path) }
      return (0, batch.answer)
    }
    guard ProviderCalls.isSafe(file) else { throw ProviderError(.results, .badID) }
    var request = calls.request(.get, "/\(version)/files/\(file):download?alt=media")
    request.destination = .file(path: path)
    request.timeouts = calls.timeouts.results
    do throws(ProviderError) {
      let answer = try await calls.answer(.results, request)
      return (answer.bodyByteCount, ServerFacts(answer))
    } catch {
      // A key that may read the batch may read its file: one that is not seen is not there any more.
      guard error.isNotFound || error.status == 403 else { throw error }
      throw ProviderError(
        .results, .resultsGone("the provider no longer keeps the file files/\(file)"))
    }
  }
}
