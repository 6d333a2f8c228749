internal import Records

extension RequestForm {
  /// Whether the provider takes an attachment in this form: some do not read what lies at an address.
  public func takes(_ attachment: Attachment) -> Bool {
    guard case .link = attachment else { return true }
    return switch self {
    case .messages, .responses: true
    case .chat, .completions: !attachment.isDocument
    case .generate: false
    }
  }

  /// What opens a user's turn of several parts, what opens its text, and what closes that and the turn.
  var contentParts: (start: StaticString, text: StaticString, end: StaticString) {
    switch self {
    case .messages, .chat, .completions:
      (#"{"role":"user","content":["#, #"{"type":"text","text":""#, #""}]}"#)
    case .responses:
      (#"{"role":"user","content":["#, #"{"type":"input_text","text":""#, #""}]}"#)
    case .generate: (#"{"role":"user","parts":["#, #"{"text":""#, #""}]}"#)
    }
  }

  /// Appends a part.
  func append(_ attachment: Attachment, to buffer: inout ByteBuffer) {
    switch self {
    case .messages: Self.appendBlock(attachment, to: &buffer)
    case .chat, .completions: Self.appendChatPart(attachment, to: &buffer)
    case .responses: Self.appendInputPart(attachment, to: &buffer)
    case .generate: Self.appendInlineData(attachment, to: &buffer)
    }
  }

  private static func appendBlock(_ attachment: Attachment, to buffer: inout ByteBuffer) {
    buffer.append(attachment.isDocument ? #"{"type":"document""# : #"{"type":"image""#)
    switch attachment {
    case .file(let type, let bytes, _):
      buffer.append(#","source":{"type":"base64","media_type":""#)
      buffer.append(text: type.rawValue)
      buffer.append(#"","data":""#)
      buffer.append(base64: bytes)
      buffer.append(#""}}"#)
    case .link(let address):
      buffer.append(#","source":{"type":"url","url":"#)
      JSONValue.string(address).append(to: &buffer)
      buffer.append("}}")
    }
  }

  private static func appendChatPart(_ attachment: Attachment, to buffer: inout ByteBuffer) {
    switch attachment {
    case .file(let type, let bytes, let name) where type.isDocument:
      buffer.append(#"{"type":"file","file":{"filename":"#)
      JSONValue.string(name).append(to: &buffer)
      buffer.append(#","file_data":"#)
      appendData(type, bytes, to: &buffer)
      buffer.append("}}")
    case .file(let type, let bytes, _):
      buffer.append(#"{"type":"image_url","image_url":{"url":"#)
      appendData(type, bytes, to: &buffer)
      buffer.append("}}")
    case .link(let address):
      buffer.append(#"{"type":"image_url","image_url":{"url":"#)
      JSONValue.string(address).append(to: &buffer)
      buffer.append("}}")
    }
  }

  private static func appendInputPart(_ attachment: Attachment, to buffer: inout ByteBuffer) {
    switch attachment {
    case .file(let type, let bytes, let name) where type.isDocument:
      buffer.append(#"{"type":"input_file","filename":"#)
      JSONValue.string(name).append(to: &buffer)
      buffer.append(#","file_data":"#)
      appendData(type, bytes, to: &buffer)
    case .file(let type, let bytes, _):
      buffer.append(#"{"type":"input_image","image_url":"#)
      appendData(type, bytes, to: &buffer)
    case .link(let address):
      buffer.append(
        attachment.isDocument
          ? #"{"type":"input_file","file_url":"# : #"{"type":"input_image","image_url":"#)
      JSONValue.string(address).append(to: &buffer)
    }
    buffer.append("}")
  }

  private static func appendInlineData(_ attachment: Attachment, to buffer: inout ByteBuffer) {
    guard case .file(let type, let bytes, _) = attachment else {
      preconditionFailure("a form that does not read addresses gets none")
    }
    buffer.append(#"{"inlineData":{"mimeType":""#)
    buffer.append(text: type.rawValue)
    buffer.append(#"","data":""#)
    buffer.append(base64: bytes)
    buffer.append(#""}}"#)
  }

  /// Appends a `data:` URL as a string.
  private static func appendData(
    _ type: MediaType, _ bytes: [UInt8], to buffer: inout ByteBuffer
  ) {
    buffer.append(#""data:"#)
    buffer.append(text: type.rawValue)
    buffer.append(";base64,")
    buffer.append(base64: bytes)
    buffer.append(0x22)
  }
}

extension ByteBuffer {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Appends bytes in base64 (RFC 4648, section 4).
  fileprivate mutating func append(base64 bytes: [UInt8]) {
    let count = (bytes.count + 2) / 3 * 4
    let output = reserve(count)
    var (position, written) = (0, 0)
    while position < bytes.count {
      let left = bytes.count - position
      let first = UInt32(bytes[position]) << 16
      let second = left > 1 ? UInt32(bytes[position + 1]) << 8 : 0
      let third = left > 2 ? UInt32(bytes[position + 2]) : 0
      let bits = first | second | third
      output[written] = Self.digits[Int(bits >> 18 & 63)]
      output[written + 1] = Self.digits[Int(bits >> 12 & 63)]
      output[written + 2] = left > 1 ? Self.digits[Int(bits >> 6 & 63)] : 0x3D
      output[written + 3] = left > 2 ? Self.digits[Int(bits & 63)] : 0x3D
      position += 3
      written += 4
    }
    advance(by: count)
  }
}
