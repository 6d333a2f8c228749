internal import Records

/// A schema object's keywords, read with the checks that their values need.
struct KeywordReader {
  let members: [JSONValue.Member]
  let location: SchemaLocation
  let dialect: Dialect
  /// Where the schema is, for people.
  let path: String

  /// The value of a keyword that is in force.
  func value(_ keyword: Keyword) -> JSONValue? {
    guard keyword.belongs(to: dialect.draft), dialect.vocabularies.contains(keyword.home) else {
      return nil
    }
    return members.last { $0.key.utf8.elementsEqual(keyword.rawValue.utf8) }?.value
  }

  /// The same schema without the keyword of a path; nil when the path is none of its keywords'.
  func without(keywordAt place: String) -> KeywordReader? {
    let rest = members.filter { member in
      Keyword(name: member.key).map { path(of: $0) } != place
    }
    guard rest.count < members.count else { return nil }
    return KeywordReader(members: rest, location: location, dialect: dialect, path: path)
  }

  func path(of keyword: Keyword) -> String {
    path + SchemaPointer().appending(keyword.rawValue).text
  }

  func error(_ keyword: Keyword, _ need: String, hint: String? = nil) -> SchemaError {
    SchemaError(
      .badKeyword, at: path(of: keyword), "\(keyword.rawValue) must be \(need)", hint: hint)
  }

  /// A count: a non-negative integer, possibly written `2.0`.
  func count(_ keyword: Keyword) throws(SchemaError) -> Int? {
    guard let value = value(keyword) else { return nil }
    guard case .number(var text) = value,
      let count = text.withUTF8({ ExactNumber($0).nonNegativeInteger(upTo: Int(Int32.max)) })
    else { throw error(keyword, "a non-negative integer") }
    return count
  }

  /// The text of a number.
  func number(_ keyword: Keyword) throws(SchemaError) -> String? {
    guard let value = value(keyword) else { return nil }
    guard case .number(let text) = value else {
      let isOldForm = value.bool != nil && [.exclusiveMinimum, .exclusiveMaximum].contains(keyword)
      throw error(
        keyword, "a number",
        hint: isOldForm ? "the Boolean form is of draft 4; give the bound itself here" : nil)
    }
    return text
  }

  func string(_ keyword: Keyword) throws(SchemaError) -> String? {
    guard let value = value(keyword) else { return nil }
    guard let text = value.string else { throw error(keyword, "a string") }
    return text
  }

  func bool(_ keyword: Keyword) throws(SchemaError) -> Bool? {
    guard let value = value(keyword) else { return nil }
    guard let bool = value.bool else { throw error(keyword, "true or false") }
    return bool
  }

  /// A list of names.
  func names(_ keyword: Keyword) throws(SchemaError) -> [String]? {
    guard let value = value(keyword) else { return nil }
    guard let names = Self.names(value) else {
      let isOldForm = value.bool != nil && keyword == .required
      throw error(
        keyword, "an array of strings",
        hint: isOldForm ? "list the required names beside \"properties\"" : nil)
    }
    return names
  }

  static func names(_ value: JSONValue) -> [String]? {
    guard let elements = value.array else { return nil }
    let names = elements.compactMap(\.string)
    return names.count == elements.count ? names : nil
  }

  /// The location of a keyword's schema.
  func schema(_ keyword: Keyword) -> SchemaLocation? {
    value(keyword) == nil ? nil : location.appending(keyword)
  }

  /// The locations of a keyword's schemas.
  func schemas(_ keyword: Keyword) throws(SchemaError) -> [SchemaLocation]? {
    guard let value = value(keyword) else { return nil }
    guard let elements = value.array, !elements.isEmpty else {
      throw error(keyword, "an array of at least one schema")
    }
    return elements.indices.map { location.appending(keyword).appending($0) }
  }

  /// The names and locations of a keyword's schemas.
  func schemaMap(
    _ keyword: Keyword
  ) throws(SchemaError) -> [(name: String, location: SchemaLocation)]? {
    guard let value = value(keyword) else { return nil }
    guard let members = value.members else { throw error(keyword, "an object of schemas") }
    return members.map { ($0.key, location.appending(keyword).appending($0.key)) }
  }
}
