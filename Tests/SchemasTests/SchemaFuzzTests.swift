import Foundation
import Records
import Schemas
import TestSupport
import Testing

/// Schemas with parts swapped, dropped and duplicated at random: whatever comes out is compiled or
/// refused, and where it compiles, both ways of validating agree.
@Suite struct SchemaFuzzTests {
  /// A small generator (SplitMix64), so that a seed gives the same schemas everywhere.
  struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
  }

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft2020-12")), arguments: 0..<4)
  func mutations(_ seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    let suite = try SchemaSuite("draft2020-12", draft: .draft202012)
    var schemas: [JSONValue] = []
    var values: [[UInt8]] = []
    for file in try suite.files() {
      for group in try JSONValue(parsing: [UInt8](Data(contentsOf: file))).array ?? [] {
        schemas.append(group["schema"] ?? .null)
        values += (group["tests"]?.array ?? []).map { Array(($0["data"] ?? .null).compact.utf8) }
      }
    }
    let options = SchemaOptions(formats: .assertion, documents: suite.remotes)
    var scratch = SchemaScratch()
    var compiled = 0
    for _ in 0..<600 {
      let schema = Self.mutate(schemas.randomElement(using: &dice) ?? .null, schemas, &dice)
      guard let program = Self.compile(schema, options) else { continue }
      compiled += 1
      for _ in 0..<5 {
        let value = values.randomElement(using: &dice) ?? []
        #expect(
          SchemaSuite.verdict(of: program, on: value, using: &scratch) != nil, "\(schema.compact)")
      }
    }
    #expect(compiled > 100)
  }

  private static func compile(_ schema: JSONValue, _ options: SchemaOptions) -> CompiledSchema? {
    do throws(SchemaError) {
      return try CompiledSchema(schema, options: options)
    } catch {
      return nil
    }
  }

  private static func mutate(
    _ value: JSONValue, _ others: [JSONValue], _ dice: inout Dice
  ) -> JSONValue {
    switch Int.random(in: 0..<40, using: &dice) {
    case 0: return others.randomElement(using: &dice) ?? .null
    case 1:
      return [.null, .bool(true), .number("-1"), .string("#"), .array([])]
        .randomElement(using: &dice) ?? .null
    default: break
    }
    switch value {
    case .array(let elements):
      return .array(elements.map { mutate($0, others, &dice) })
    case .object(var members):
      for index in members.indices {
        members[index].value = mutate(members[index].value, others, &dice)
      }
      if Int.random(in: 0..<6, using: &dice) == 0, !members.isEmpty {
        members.remove(at: Int.random(in: members.indices, using: &dice))
      }
      if Int.random(in: 0..<6, using: &dice) == 0,
        let more = others.randomElement(using: &dice)?.members
      {
        members += more.filter { extra in !members.contains { $0.key == extra.key } }
      }
      return .object(members)
    default: return value
    }
  }
}
