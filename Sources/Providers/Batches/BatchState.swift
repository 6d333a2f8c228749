/// A batch as the provider describes it at one moment.
public struct BatchState: Hashable, Sendable {
  /// Where a batch stands.
  public enum Status: Hashable, Sendable {
    /// At work.
    case inProgress
    /// At work on its end.
    case canceling
    /// Done; the results are there.
    case ended
    /// A word this version does not know. To be waited for like `inProgress`.
    case unknown(String)
  }

  /// How many requests stand where.
  ///
  /// All but `processing` stay 0 until the batch has ended.
  public struct Counts: Hashable, Sendable {
    /// Not done yet.
    public var processing = 0
    /// Answered.
    public var succeeded = 0
    /// Refused or failed.
    public var errored = 0
    /// Canceled before they were sent to a model.
    public var canceled = 0
    /// Not done within the window.
    public var expired = 0

    /// Creates counts of zero.
    public init() {}

    /// The number of requests in the batch.
    public var total: Int { processing + succeeded + errored + canceled + expired }
  }

  /// The ids of a batch's files.
  public struct Files: Hashable, Sendable {
    /// What it was made from.
    public var input: String?
    /// What came of requests that succeeded.
    public var output: String?
    /// What came of the others.
    public var errors: String?

    /// Creates ids.
    public init(input: String? = nil, output: String? = nil, errors: String? = nil) {
      self.input = input
      self.output = output
      self.errors = errors
    }
  }

  /// How a batch ended.
  public enum End: Hashable, Sendable {
    /// Its results have a row for each request.
    case complete
    /// Its time was over; requests without a row were not carried out.
    case expired
    /// Somebody canceled it; requests without a row were not carried out.
    case canceled
  }

  /// The provider's id.
  public var id: String
  /// Where it stands.
  public var status: Status
  /// How many requests stand where.
  public var counts: Counts
  /// When it was made, by the provider's clock, in UTC milliseconds.
  public var createdAt: Int64
  /// When what is not done expires, in UTC milliseconds; nil when the provider does not say.
  public var expiresAt: Int64?
  /// When it ended, in UTC milliseconds; nil while it runs.
  public var endedAt: Int64?
  /// When somebody asked for it to be canceled, in UTC milliseconds.
  public var cancelInitiatedAt: Int64?
  /// Since when its results are gone, in UTC milliseconds; nil while they are there.
  public var archivedAt: Int64?
  /// Where the results are; nil before the end.
  public var resultsURL: String?
  /// What it was created with to be found again by; nil where the provider keeps nothing of the kind.
  public var marker: String?
  /// The files that it is made of, where it is made of files.
  public var files = Files()
  /// How it ended; what this says counts only at the end.
  public var end = End.complete
  /// Why the provider refused the whole batch after it had taken it; nil when it did not.
  public var failure: BatchFailure?
  /// How the answer that told this looked.
  public var answer: ServerFacts

  /// Whether the provider works on it no more.
  public var isEnded: Bool { status == .ended }
}
