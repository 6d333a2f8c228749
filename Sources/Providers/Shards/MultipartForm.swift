/// A form of fields and one file, as `multipart/form-data` (RFC 7578).
struct MultipartForm {
  /// What stands before and behind the file's bytes.
  let prefix: [UInt8]
  let suffix: [UInt8]
  /// The header that names the boundary.
  let contentType: String

  /// Describes a form; its fields come before the file.
  init(fields: [(name: String, value: String)], fileName: String) {
    // 128 random bits: no prompt can hold them on purpose.
    let digits = [UInt64.random(in: .min ... .max), .random(in: .min ... .max)].map {
      String($0, radix: 36)
    }
    let boundary = "leaven-\(digits.joined())"
    var text = ""
    for field in fields {
      text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n"
      text += "\(field.value)\r\n"
    }
    text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; "
    text += "filename=\"\(fileName)\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    prefix = Array(text.utf8)
    suffix = Array("\r\n--\(boundary)--\r\n".utf8)
    contentType = "multipart/form-data; boundary=\(boundary)"
  }
}
