/// Takes apart a `multipart/form-data` body (RFC 7578) while it arrives, whatever the borders of
/// its pieces.
///
/// Small parts are kept; the bytes of the part with a filename are handed out and not kept.
struct MultipartScanner: ~Copyable {
  private enum State { case preamble, headers, content, afterBoundary, end }

  /// The fields by name.
  private(set) var fields: [String: String] = [:]
  /// The name of the file, once its headers were read.
  private(set) var filename: String?
  /// Whether the last boundary was seen.
  var isComplete: Bool { state == .end }
  /// Whether a field or the headers are larger than they may be.
  private(set) var isTooLarge = false

  private static let keptLimit = 1 << 16
  private static let blankLine: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
  private let delimiter: [UInt8]
  private var state = State.preamble
  /// The field at hand; nil in the file.
  private var field: String?
  private var kept: [UInt8] = []
  /// What was not looked at yet; the first boundary has no line before it.
  private var pending: [UInt8] = [0x0D, 0x0A]

  /// A scanner for a `content-type`; nil when that is no form, or names no boundary.
  init?(contentType: String) {
    guard contentType.lowercased().hasPrefix("multipart/form-data"),
      let boundary = Self.parameter("boundary", of: contentType), !boundary.isEmpty
    else { return nil }
    delimiter = Array("\r\n--\(boundary)".utf8)
  }

  /// Takes in bytes; returns those of the file among them.
  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard state != .end, !isTooLarge else { return [] }
    pending.append(contentsOf: bytes)
    var file: [UInt8] = []
    while !isTooLarge, step(&file) {}
    return file
  }

  /// Does what can be done; false when more bytes are needed.
  private mutating func step(_ file: inout [UInt8]) -> Bool {
    switch state {
    case .preamble, .content: return readContent(&file)
    case .afterBoundary:
      guard pending.count >= 2 else { return false }
      // The line end stays, so that headers end with an empty line even when there are none.
      state = pending.starts(with: [0x2D, 0x2D]) ? .end : .headers
      return true
    case .headers: return readHeaders()
    case .end: return false
    }
  }

  private mutating func readContent(_ file: inout [UInt8]) -> Bool {
    let found = pending.withUnsafeBufferPointer { ByteSearch.first(delimiter, in: $0) }
    // What may be the beginning of a boundary stays for later.
    let end = found ?? max(0, pending.count - delimiter.count + 1)
    if state == .content {
      if field == nil { file += pending[..<end] } else { kept += pending[..<end] }
      isTooLarge = kept.count > Self.keptLimit
    }
    pending.removeFirst(end + (found == nil ? 0 : delimiter.count))
    guard found != nil else { return false }
    if let field { fields[field] = String(decoding: kept, as: UTF8.self) }
    field = nil
    kept = []
    state = .afterBoundary
    return true
  }

  private mutating func readHeaders() -> Bool {
    let found = pending.withUnsafeBufferPointer { ByteSearch.first(Self.blankLine, in: $0) }
    guard let found else {
      isTooLarge = pending.count > Self.keptLimit
      return false
    }
    let text = String(decoding: pending[..<found], as: UTF8.self)
    for line in text.split(separator: "\r\n")
    where line.lowercased().hasPrefix("content-disposition:") {
      field = Self.parameter("name", of: String(line)) ?? ""
      guard let name = Self.parameter("filename", of: String(line)) else { continue }
      filename = name
      field = nil
    }
    pending.removeFirst(found + Self.blankLine.count)
    state = .content
    return true
  }

  /// The value of a header's parameter, with or without quotes.
  private static func parameter(_ name: String, of header: String) -> String? {
    var isQuoted = false
    let parts = header.split { character in
      if character == "\"" { isQuoted.toggle() }
      return character == ";" && !isQuoted
    }
    for part in parts.dropFirst() {
      let words = part.drop { $0 == " " }
      guard words.lowercased().hasPrefix("\(name)=") else { continue }
      let value = words.dropFirst(name.count + 1)
      return value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : String(value)
    }
    return nil
  }
}
