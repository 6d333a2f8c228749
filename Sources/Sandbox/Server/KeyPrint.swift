internal import Records

/// What may be written down of a key: eight hexadecimal digits of its hash.
struct KeyPrint: Hashable, Sendable {
  let digits: String

  init(of secret: String) {
    digits = String(ContentHash(of: secret).hexadecimal.prefix(8))
  }
}
