internal import Ledger

/// How the last run ended, when it did not end well.
public struct RunTrouble: Sendable, Hashable {
  /// The kinds of alert that tell of it.
  static let kinds: [Alert.Kind] = [.exit, .failures, .budget]

  /// What it ended with.
  public let status: ExitStatus
  /// Why, in one sentence.
  public let sentence: String

  /// What the ledger remembers.
  var subject: String { "status \(status.rawValue): \(sentence)" }

  init(status: ExitStatus, sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  /// What a ledger remembers; nil when the last run ended well.
  ///
  /// - Throws: `LedgerError`.
  init?(of ledger: RunLedger) throws(LedgerError) {
    guard let subject = try ledger.lastAlert(ofKinds: Self.kinds.map(\.rawValue)),
      let colon = subject.firstIndex(of: ":"),
      let number = Int32(subject[..<colon].dropFirst("status ".count)),
      let status = ExitStatus(rawValue: number)
    else { return nil }
    self.status = status
    sentence = String(subject[colon...].dropFirst(2))
  }
}
