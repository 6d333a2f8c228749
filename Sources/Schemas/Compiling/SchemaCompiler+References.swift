/// References, and keywords that apply schemas to the same value.
extension SchemaCompiler {
  mutating func compileReferences(_ reader: KeywordReader) throws(SchemaError) {
    let origin = library.resource(of: reader.location)
    if let text = try reader.string(.ref) {
      let place = reader.location.appending(.ref)
      let target = try library.resolve(text, from: origin, at: place)
      emit(.reference(node(for: target)), .ref, reader)
    }
    if let text = try reader.string(.dynamicRef) {
      let place = reader.location.appending(.dynamicRef)
      let target = try library.resolve(text, from: origin, at: place)
      guard let name = library.dynamicName(of: text, leadingTo: target) else {
        emit(.reference(node(for: target)), .dynamicRef, reader)
        return
      }
      let initial = node(for: target)
      emit(.dynamicReference(Int32(program.dynamicReferences.count)), .dynamicRef, reader)
      program.dynamicReferences.append(DynamicReference(initial: initial, candidates: []))
      dynamicNames.append(name)
    }
  }

  mutating func compileCombinations(_ reader: KeywordReader) throws(SchemaError) {
    if let schemas = try reader.schemas(.allOf) {
      emit(.allOf(nodes(for: schemas)), .allOf, reader)
    }
    if let schemas = try reader.schemas(.anyOf) {
      emit(.anyOf(nodes(for: schemas)), .anyOf, reader)
    }
    if let schemas = try reader.schemas(.oneOf) {
      emit(.oneOf(nodes(for: schemas)), .oneOf, reader)
    }
    if let schema = reader.schema(.not) {
      emit(.not(node(for: schema)), .not, reader)
    }
    if let test = reader.schema(.if) {
      let then = reader.schema(.then).map { node(for: $0) } ?? -1
      let otherwise = reader.schema(.else).map { node(for: $0) } ?? -1
      emit(
        .conditional(test: node(for: test), then: then, otherwise: otherwise), .if, reader)
    }
  }
}
