internal import Records

/// A picture or document that is shown to the model beside a prompt.
public enum Attachment: Sendable {
  /// A file's contents, and its name.
  case file(MediaType, [UInt8], name: String)
  /// The address of a picture or, if it ends in `.pdf`, of a document: the provider reads it, not Leaven.
  case link(String)

  /// Whether it is a document, not a picture.
  public var isDocument: Bool {
    switch self {
    case .file(let type, _, _): return type.isDocument
    case .link(let address):
      let path = address.prefix { $0 != "?" && $0 != "#" }
      return path.lowercased().hasSuffix(".pdf")
    }
  }

  /// What it adds to the input.
  var tokens: TokenEstimate {
    guard isDocument else { return Self.pictureTokens }
    guard case .file(_, let bytes, _) = self else { return Self.documentTokens(byteCount: 500_000) }
    return Self.documentTokens(byteCount: bytes.count)
  }

  /// Providers scale large pictures down to about so many tokens.
  static let pictureTokens = TokenEstimate(low: 100, likely: 1300, high: 1600)

  /// Of a document only its length is looked at: fifty kilobytes are taken for a page.
  static func documentTokens(byteCount: Int) -> TokenEstimate {
    let pages = max(1, (byteCount + 49_999) / 50_000)
    return TokenEstimate(low: 500 * pages, likely: 2500 * pages, high: 4600 * pages)
  }
}
