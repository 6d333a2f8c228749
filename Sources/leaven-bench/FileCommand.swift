internal import ArgumentParser
internal import Foundation
internal import Records
internal import Schemas
internal import Templates

/// Times one language over the lines of a file, for scripts/bench-languages to set beside others. Prints one JSON object: the
/// median in seconds, and what came out, so that two programs can be seen to have done the same.
struct FileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "file", abstract: "Times one language over a file.")

  /// What is timed.
  enum Work: String, ExpressibleByArgument, CaseIterable {
    case parseJSON = "parse-json"
    case parseCSV = "parse-csv"
    case render, validate
  }

  @Argument(help: "What is timed: \(Work.allCases.map(\.rawValue).joined(separator: ", ")).")
  var work: Work

  @Argument(help: "The file: JSON Lines, or CSV.")
  var file: String

  @Option(help: "The template's file, for render.")
  var template: String?

  @Option(help: "The schema's file, for validate.")
  var schema: String?

  @Option(help: "Rounds; the median counts.")
  var rounds = 1

  func run() throws {
    let bytes = try Self.bytes(file)
    let languages = Languages(bytes.split(separator: 0x0A).map { Array($0) })
    var outcome = 0
    let timing = try Timing.median(of: rounds) {
      switch work {
      case .parseJSON: outcome = try languages.parse()
      case .parseCSV: outcome = try Languages.readCSV(file)
      case .render: outcome = try languages.render(try Self.bytes(template))
      case .validate: outcome = try languages.validate(try Self.bytes(schema))
      }
    }
    let row = JSONValue.object([
      "seconds": .number(timing.secondsText), "outcome": .number(outcome),
    ])
    print(row.compact)
  }

  private static func bytes(_ path: String?) throws -> [UInt8] {
    guard let path else { throw ValidationError("this needs a further file; see --help") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path): no such file")
    }
    return [UInt8](data)
  }
}
