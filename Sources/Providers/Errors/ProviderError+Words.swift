extension ProviderError: CustomStringConvertible {
  /// One sentence: what was called and what came back.
  public var description: String {
    var sentence = "\(operation.rawValue): \(causeWords)"
    if let requestID { sentence += " (request \(requestID))" }
    return sentence
  }

  private var causeWords: String {
    switch cause {
    case .connection(let failure): return failure.description
    case .status(let status):
      let kind = [type, errorCode].compactMap(\.self).joined(separator: ", ")
      let head = kind.isEmpty ? "status \(status)" : "status \(status), \(kind)"
      return message.map { "\(head): \($0)" } ?? head
    case .unreadable(let why): return "the answer cannot be read: \(why)"
    case .foreignOrigin(let origin):
      return "the results lie at \(origin), another origin than the provider's"
    case .noResults(let why), .resultsGone(let why): return why
    case .badID: return "the id is not one of a batch"
    }
  }

  /// What to do next; nil when the sentence says it.
  public var hint: String? {
    if isSpendLimit { return "raise the spending limit in the provider's console, then run again" }
    if errorCode == Self.keyRefusal {
      return "check the key in the environment variable that the pipeline names"
    }
    if type == "RESOURCE_EXHAUSTED", operation == .create {
      return "run again later; where the batch alone is too much for the account's queue, say how "
        + "many tokens that takes: providers.<name>.queue.tokens"
    }
    switch cause {
    case .connection(let failure): return Self.hint(failure)
    case .status(401): return "check the key in the environment variable that the pipeline names"
    case .status(402):
      return "settle the account's billing in the provider's console, then run again"
    case .status(403): return "the key may not do this: check its workspace and permissions"
    case .status(404) where isNotYetVisible: return nil
    case .status(404) where operation == .list || operation == .upload:
      return
        "check base_url: nothing answers at this path; a server without a batch API takes mode: concurrent"
    case .status(404) where operation == .create || operation == .message && message == nil:
      return "check base_url: nothing answers at this path"
    case .status(413): return "lower shard.max_bytes"
    case .status(300..<400):
      return "base_url leads to a redirect, which is never followed: use its target"
    case .status where isTransient:
      return "the provider is busy or out of order: run again later; all there is so far is kept"
    case .status, .noResults, .resultsGone, .badID: return nil
    case .unreadable: return "check that base_url is the provider's API and not a page in between"
    case .foreignOrigin:
      return "use the base_url that the results come from; the key was not sent there"
    }
  }

  private static func hint(_ failure: HTTPFailure) -> String? {
    switch failure.reason {
    case .badURL: "write base_url as https://host[:port][/path]"
    case .nameNotResolved, .notConnected: "check base_url, the network and the proxy settings"
    case .untrusted:
      "check base_url and the system's certificates; verification cannot be turned off"
    case .notWritten(let number) where SystemError(number).isDiskFull:
      "make room on the disk, then run again"
    default: nil
    }
  }
}
