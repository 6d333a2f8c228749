extension OpenAIBatches {
  /// Downloads the output and the error file of an ended batch into one file, one after the other.
  ///
  /// A batch that ended without either leaves an empty file.
  ///
  /// - Throws: `ProviderError`.
  public func results(
    of batch: BatchState, to path: String
  ) async throws(ProviderError) -> (byteCount: Int, answer: ServerFacts) {
    guard batch.isEnded else {
      throw ProviderError(.results, .noResults("the results of \(batch.id) are not there yet"))
    }
    var files = [batch.files.output].compactMap(\.self)
    // Some servers have one file for both.
    if let errors = batch.files.errors, !files.contains(errors) { files.append(errors) }
    guard !files.isEmpty else {
      try calls.writing { () throws(SystemError) in try ResultsParts.make(path) }
      return (0, batch.answer)
    }
    var byteCount = 0
    var facts = batch.answer
    for (position, file) in files.enumerated() {
      if position > 0 {
        try calls.writing { () throws(SystemError) in try ResultsParts.endLastLine(of: path) }
      }
      let answer = try await content(
        of: file, to: position == 0 ? .file(path: path) : .appended(path: path))
      byteCount += answer.bodyByteCount
      facts = ServerFacts(answer)
    }
    return (byteCount, facts)
  }

  private func content(
    of file: String, to destination: HTTPRequest.Destination
  ) async throws(ProviderError) -> HTTPResponse {
    guard ProviderCalls.isSafe(file) else { throw ProviderError(.results, .badID) }
    var request = calls.request(.get, "/files/\(file)/content")
    request.headers.append(("Accept", "application/binary"))
    request.destination = destination
    request.timeouts = calls.timeouts.results
    do throws(ProviderError) {
      return try await calls.answer(.results, request)
    } catch {
      guard error.isNotFound else { throw error }
      throw ProviderError(.results, .resultsGone("the provider no longer keeps the file \(file)"))
    }
  }
}
