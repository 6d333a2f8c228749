internal import Records

/// A value in a catalogue file with the path that leads to it.
struct CatalogNode {
  let value: JSONValue
  let path: String

  init(_ value: JSONValue, path: String = "") {
    self.value = value
    self.path = path
  }

  func wrong(_ sentence: String) -> CatalogError { CatalogError(key: path, sentence: sentence) }

  /// A member that must be there.
  func member(_ name: String) throws(CatalogError) -> CatalogNode {
    let memberPath = path.isEmpty ? name : "\(path).\(name)"
    guard value.members != nil else { throw wrong("this must be an object") }
    guard let member = value[name] else {
      throw CatalogError(key: memberPath, sentence: "this key is missing")
    }
    return CatalogNode(member, path: memberPath)
  }

  /// A member that may be left out or null.
  func optional(_ name: String) throws(CatalogError) -> CatalogNode? {
    guard let member = value[name], member != .null else { return nil }
    return try self.member(name)
  }

  func elements() throws(CatalogError) -> [CatalogNode] {
    guard let elements = value.array else { throw wrong("this must be a list") }
    return elements.enumerated().map { CatalogNode($1, path: "\(path)[\($0)]") }
  }

  func members() throws(CatalogError) -> [(name: String, node: CatalogNode)] {
    guard let members = value.members else { throw wrong("this must be an object") }
    return members.map { ($0.key, CatalogNode($0.value, path: "\(path).\($0.key)")) }
  }

  func text() throws(CatalogError) -> String {
    guard let text = value.string, !text.isEmpty else { throw wrong("this must be a text") }
    return text
  }

  func texts() throws(CatalogError) -> [String] {
    var texts: [String] = []
    for element in try elements() { texts.append(try element.text()) }
    return texts
  }

  /// A whole number of at least `minimum`.
  func count(atLeast minimum: Int = 1) throws(CatalogError) -> Int {
    guard let count = value.int, count >= minimum else {
      throw wrong("this must be a whole number of at least \(minimum)")
    }
    return count
  }

  /// A decimal times 10 to the power of `digits`.
  func decimal(digits: Int) throws(CatalogError) -> Int64 {
    guard case .number(let text) = value, let scaled = Decimal.scaled(text, digits: digits) else {
      throw wrong("this must be a decimal of at most \(digits) decimals and no exponent")
    }
    return scaled
  }
}
