/// What is wrong in a catalogue file.
public struct CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key, as a path: `models[3].prices[0].input`; empty for the whole file.
  public let key: String
  /// What is wrong with it.
  public let sentence: String

  /// Creates an error.
  public init(key: String, sentence: String) {
    self.key = key
    self.sentence = sentence
  }

  /// The key and the sentence.
  public var description: String { key.isEmpty ? sentence : "\(key): \(sentence)" }
}
