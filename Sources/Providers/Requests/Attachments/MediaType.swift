/// A kind of file that models look at.
public enum MediaType: String, Hashable, Sendable {
  case png = "image/png"
  case jpeg = "image/jpeg"
  case gif = "image/gif"
  case webp = "image/webp"
  case pdf = "application/pdf"

  /// Whether it is a document, not a picture.
  public var isDocument: Bool { self == .pdf }

  /// Tells a file by its first bytes; nil when it is none of these.
  public init?(sniffing bytes: [UInt8]) {
    func begins(_ text: StaticString) -> Bool { bytes.starts(with: UnsafeBufferPointer(text)) }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if begins("GIF87a") || begins("GIF89a") {
      self = .gif
    } else if begins("RIFF"), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      self = .webp
    } else if begins("%PDF-") {
      self = .pdf
    } else {
      return nil
    }
  }
}
