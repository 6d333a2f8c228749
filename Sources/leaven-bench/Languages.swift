internal import Records
internal import Schemas
internal import Templates

/// Each language over lines that are in memory: from bytes to what came out.
struct Languages {
  private let lines: [[UInt8]]

  init(_ lines: [[UInt8]]) { self.lines = lines }

  /// Parses the lines.
  ///
  /// - Returns: How many members and elements they have.
  func parse() throws -> Int {
    var tape = JSONTape()
    var count = 0
    for line in lines {
      try line.withUnsafeBufferPointer { count += try tape.parse($0).count }
    }
    return count
  }

  /// Renders a template for each line.
  ///
  /// - Returns: How many bytes came out.
  func render(_ template: [UInt8]) throws -> Int {
    let template = try CompiledTemplate(
      String(decoding: template, as: UTF8.self), name: "prompt", in: TemplateEnvironment())
    var tape = JSONTape()
    var renderer = Renderer()
    var output = ByteBuffer(capacity: 1 << 16)
    var count = 0
    for line in lines {
      output.removeAll()
      try line.withUnsafeBufferPointer { bytes in
        let scope = TemplateScope(record: try tape.parse(bytes))
        try template.render(scope, using: &renderer, into: &output, escaping: .none)
      }
      count += output.count
    }
    return count
  }

  /// Holds each line against a schema.
  ///
  /// - Returns: How many fit.
  func validate(_ schema: [UInt8]) throws -> Int {
    let schema = try CompiledSchema(JSONValue(parsing: schema))
    var tape = JSONTape()
    var scratch = SchemaScratch()
    var count = 0
    for line in lines {
      try line.withUnsafeBufferPointer { bytes in
        if schema.isValid(try tape.parse(bytes), using: &scratch) { count += 1 }
      }
    }
    return count
  }

  /// Reads a CSV file.
  ///
  /// - Returns: How many rows it has.
  static func readCSV(_ path: String) throws -> Int {
    let source = try CSVSource(ByteStream(path: path))
    var count = 0
    while try source.next() != nil { count += 1 }
    return count
  }
}
