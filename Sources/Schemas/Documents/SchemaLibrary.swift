internal import Records

/// The documents that a schema consists of, their resources and identifiers: what a reference is
/// looked up in.
struct SchemaLibrary {
  private let options: SchemaOptions
  private(set) var documents: [JSONValue] = []
  private var documentNames: [String] = []
  private(set) var resources: [SchemaResource] = []
  /// Resources by URI; a document read under one URI that gives itself another is found under both.
  private var resourceByURI: [String: Int] = [:]
  /// The resource that each subschema in a known position belongs to.
  private var resourceByLocation: [SchemaLocation: Int] = [:]

  /// Reads the schema itself as document 0.
  init(_ schema: JSONValue, options: SchemaOptions) throws(SchemaError) {
    self.options = options
    let base = SchemaURI(options.location).document
    _ = try add(schema, retrievedFrom: base, inheriting: .standard(options.draft))
  }

  /// Where a location is, for people.
  func path(of location: SchemaLocation) -> String {
    (location.document == 0 ? "" : documentNames[location.document]) + "#" + location.pointer.text
  }

  /// The value at a location.
  func value(at location: SchemaLocation) -> JSONValue? {
    location.pointer.value(in: documents[location.document])
  }

  /// The resource that a location belongs to: that of the nearest subschema around it.
  func resource(of location: SchemaLocation) -> Int {
    var pointer: SchemaPointer? = location.pointer
    while let current = pointer {
      let around = SchemaLocation(document: location.document, pointer: current)
      if let resource = resourceByLocation[around] { return resource }
      pointer = current.parent
    }
    preconditionFailure("every document's root belongs to a resource")
  }

  // MARK: Reading documents

  /// Adds a document; returns its resource.
  private mutating func add(
    _ document: JSONValue, retrievedFrom base: SchemaURI, inheriting dialect: Dialect
  ) throws(SchemaError) -> Int {
    let root = SchemaLocation(document: documents.count, pointer: SchemaPointer())
    documents.append(document)
    documentNames.append(base.text)
    let ownDialect = try self.dialect(of: document, at: root, inheriting: dialect)
    let identified = identifier(of: document, in: ownDialect).map { $0.resolved(against: base) }
    let resource = SchemaResource(
      base: (identified ?? base).document, root: root, dialect: ownDialect)
    let index = resources.count
    resources.append(resource)
    resourceByURI[resource.base.text] = index
    resourceByURI[base.text] = index
    try explore(document, at: root, in: index)
    return index
  }

  /// The URI that `$id` gives; nil when there is none, or only a fragment (a draft 7 anchor).
  private func identifier(of schema: JSONValue, in dialect: Dialect) -> SchemaURI? {
    guard let text = schema[Keyword.id.rawValue]?.string else { return nil }
    if dialect.referenceStandsAlone, schema[Keyword.ref.rawValue] != nil { return nil }
    return text.utf8.first == 0x23 ? nil : SchemaURI(text)
  }

  /// Notes the identifiers of a schema and of all its subschemas.
  private mutating func explore(
    _ schema: JSONValue, at location: SchemaLocation, in enclosing: Int
  ) throws(SchemaError) {
    guard case .object(let members) = schema else {
      resourceByLocation[location] = enclosing
      return
    }
    let resource = try enter(schema, at: location, from: enclosing)
    resourceByLocation[location] = resource
    try noteAnchors(of: schema, at: location, in: resource)
    let dialect = resources[resource].dialect
    for member in members {
      guard let keyword = dialect.keyword(member.key) else { continue }
      try explore(member.value, of: keyword, at: location.appending(keyword), in: resource)
    }
  }

  private mutating func explore(
    _ value: JSONValue, of keyword: Keyword, at location: SchemaLocation, in resource: Int
  ) throws(SchemaError) {
    switch (keyword.holding, value) {
    case (.list, .array(let elements)), (.schemaOrList, .array(let elements)):
      for (position, element) in elements.enumerated() {
        try explore(element, at: location.appending(position), in: resource)
      }
    case (.map, .object(let members)):
      for member in members {
        try explore(member.value, at: location.appending(member.key), in: resource)
      }
    case (.mapOfSchemasOrNames, .object(let members)):
      for member in members where member.value.array == nil {
        try explore(member.value, at: location.appending(member.key), in: resource)
      }
    case (.schema, .object), (.schema, .bool), (.schemaOrList, _):
      try explore(value, at: location, in: resource)
    default: break
    }
  }

  /// The resource that a subschema belongs to: a new one if it has an identifier of its own.
  private mutating func enter(
    _ schema: JSONValue, at location: SchemaLocation, from enclosing: Int
  ) throws(SchemaError) -> Int {
    if resources[enclosing].root == location { return enclosing }
    let outer = resources[enclosing].dialect
    guard identifier(of: schema, in: outer) != nil else { return enclosing }
    let dialect = try self.dialect(of: schema, at: location, inheriting: outer)
    guard let identifier = identifier(of: schema, in: dialect) else { return enclosing }
    let base = identifier.resolved(against: resources[enclosing].base).document
    if resourceByURI[base.text] != nil {
      throw SchemaError(
        .duplicateIdentifier, at: path(of: location.appending(.id)),
        "\"\(base.text)\" is the identifier of another schema, too")
    }
    resourceByURI[base.text] = resources.count
    resources.append(SchemaResource(base: base, root: location, dialect: dialect))
    return resources.count - 1
  }

  private mutating func noteAnchors(
    of schema: JSONValue, at location: SchemaLocation, in resource: Int
  ) throws(SchemaError) {
    let dialect = resources[resource].dialect
    if dialect.draft == .draft7 {
      guard schema[Keyword.ref.rawValue] == nil, let id = schema[Keyword.id.rawValue]?.string,
        let name = SchemaURI(id).fragmentBytes, !name.isEmpty
      else { return }
      try note(name, from: .id, at: location, in: resource)
      return
    }
    if let name = schema[Keyword.anchor.rawValue]?.string {
      try note(Array(name.utf8), from: .anchor, at: location, in: resource)
    }
    if let name = schema[Keyword.dynamicAnchor.rawValue]?.string {
      try note(Array(name.utf8), from: .dynamicAnchor, at: location, in: resource)
      resources[resource].dynamicAnchors[Array(name.utf8)] = location
    }
  }

  private mutating func note(
    _ name: [UInt8], from keyword: Keyword, at location: SchemaLocation, in resource: Int
  ) throws(SchemaError) {
    let earlier = resources[resource].anchors.updateValue(location, forKey: name)
    if let earlier, earlier != location {
      throw SchemaError(
        .duplicateIdentifier, at: path(of: location.appending(keyword)),
        "\"\(String(decoding: name, as: UTF8.self))\" names another subschema, too")
    }
  }

  // MARK: Looking up

  /// What a reference in a resource leads to.
  ///
  /// - Throws: `SchemaError` when nothing is there, or only a network would have it.
  mutating func resolve(
    _ reference: String, from origin: Int, at place: SchemaLocation
  ) throws(SchemaError) -> SchemaLocation {
    let target = SchemaURI(reference).resolved(against: resources[origin].base)
    let index = try resource(target.document, from: origin, at: place)
    guard let fragment = target.fragmentBytes, !fragment.isEmpty else {
      return resources[index].root
    }
    if let pointer = SchemaPointer(text: fragment) {
      var location = resources[index].root
      location.pointer = location.pointer.appending(pointer)
      if value(at: location) != nil { return location }
    } else if let location = resources[index].anchors[fragment] {
      return location
    }
    throw SchemaError(
      .unresolvedReference, at: path(of: place), "\"\(reference)\" leads to nothing",
      hint: fragment.first == 0x2F
        ? "no value is at \(String(decoding: fragment, as: UTF8.self))" : nil)
  }

  /// The name under which a reference may be overridden by the dynamic scope; nil when it is an
  /// ordinary one.
  func dynamicName(of reference: String, leadingTo location: SchemaLocation) -> [UInt8]? {
    guard let fragment = SchemaURI(reference).fragmentBytes,
      resources[resource(of: location)].dynamicAnchors[fragment] == location
    else { return nil }
    return fragment
  }

  private mutating func resource(
    _ uri: SchemaURI, from origin: Int, at place: SchemaLocation
  ) throws(SchemaError) -> Int {
    if let known = resourceByURI[uri.text] { return known }
    guard let document = try read(uri, at: place) else {
      throw missing(uri, at: place)
    }
    return try add(document, retrievedFrom: uri, inheriting: resources[origin].dialect)
  }

  private func missing(_ uri: SchemaURI, at place: SchemaLocation) -> SchemaError {
    if uri.scheme == "http" || uri.scheme == "https" {
      return SchemaError(
        .remoteReference, at: path(of: place), "\"\(uri.text)\" would have to be fetched",
        hint: "nothing is fetched; put the schema into $defs or beside this file")
    }
    return SchemaError(
      .unresolvedReference, at: path(of: place), "there is no schema \"\(uri.text)\"")
  }

  /// A document that was supplied, is built in, or lies beside the schema; nil when it is none of
  /// these.
  private func read(_ uri: SchemaURI, at place: SchemaLocation) throws(SchemaError) -> JSONValue? {
    if let supplied = options.documents[uri.text] ?? options.documents[uri.text + "#"] {
      return supplied
    }
    if let builtIn = Metaschemas.document(uri.text) { return builtIn }
    guard let loadFile = options.loadFile, let file = filePath(of: uri) else { return nil }
    do {
      return try loadFile(file)
    } catch {
      throw SchemaError(
        .unresolvedReference, at: path(of: place), "\(file) cannot be read: \(error)")
    }
  }

  /// The file that a URI stands for: its own path, or, when the schema calls itself by another URI,
  /// the file at the same place relative to the schema's own file.
  private func filePath(of uri: SchemaURI) -> String? {
    if uri.scheme == "file" { return uri.decodedPath }
    guard let main = resources.first?.base, main.scheme == uri.scheme,
      main.authority == uri.authority, let slash = main.path.lastIndex(of: "/"),
      uri.path.hasPrefix(main.path[...slash])
    else { return nil }
    let relative = String(uri.path.dropFirst(main.path[...slash].count))
    return SchemaURI(relative).resolved(against: SchemaURI(options.location)).decodedPath
  }

  // MARK: Dialects

  /// The dialect of a resource: what its `$schema` names, else that of what is around it.
  private func dialect(
    of schema: JSONValue, at location: SchemaLocation, inheriting outer: Dialect
  ) throws(SchemaError) -> Dialect {
    guard let named = schema[Keyword.schema.rawValue] else { return outer }
    let place = location.appending(.schema)
    guard let text = named.string else {
      throw SchemaError(.badKeyword, at: path(of: place), "$schema must be a string")
    }
    return try dialect(named: text, at: place, seen: [])
  }

  private func dialect(
    named text: String, at place: SchemaLocation, seen: [String]
  ) throws(SchemaError) -> Dialect {
    let uri = SchemaURI(text).document.text
    if let draft = SchemaDraft.allCases.first(where: { $0.metaschema == uri }) {
      return .standard(draft)
    }
    guard !seen.contains(uri), let metaschema = try read(SchemaURI(uri), at: place) else {
      throw SchemaError(
        .unknownDialect, at: path(of: place), "the dialect \"\(text)\" is not known",
        hint: "known are draft 2020-12 and draft 7")
    }
    let parent = metaschema[Keyword.schema.rawValue]?.string ?? ""
    let base = try dialect(named: parent, at: place, seen: seen + [uri])
    guard let listed = metaschema[Keyword.vocabulary.rawValue]?.members else { return base }
    return try dialect(of: listed, on: base, at: place)
  }

  private func dialect(
    of listed: [JSONValue.Member], on base: Dialect, at place: SchemaLocation
  ) throws(SchemaError) -> Dialect {
    var result = Dialect(draft: base.draft, vocabularies: [.core])
    for entry in listed {
      if let vocabulary = Vocabulary(uri: entry.key) {
        result.vocabularies.insert(vocabulary)
        if entry.key.hasSuffix("format-assertion") { result.assertsFormats = true }
      } else if entry.value.bool == true {
        throw SchemaError(
          .unknownVocabulary, at: path(of: place),
          "the vocabulary \"\(entry.key)\" is required and not known")
      }
    }
    return result
  }
}
