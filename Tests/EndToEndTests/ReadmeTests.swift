import Foundation
import TestSupport
import Testing

/// What the README shows works.
@Suite struct ReadmeTests {
  /// The lines of the README's fenced blocks of a language.
  private func lines(ofBlocks language: String) throws -> [String] {
    let file = SuiteFolder.packageRoot.appendingPathComponent("README.md")
    var isInside = false
    var lines: [String] = []
    for line in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isInside = line == "```" + language
      } else if isInside {
        lines.append(line)
      }
    }
    return lines
  }

  @Test func everyCommandWorks() async throws {
    let bench = try Bench.withShippedFiles()
    let commands = try lines(ofBlocks: "sh").filter { $0.hasPrefix("leaven ") }
    #expect(!commands.isEmpty)
    for command in commands {
      let outcome = try await bench.leaven(
        command.split(separator: " ").dropFirst().map(String.init), limit: .seconds(600))
      #expect(outcome.status == 0, "\(command): \(outcome.said)")
    }
  }

  @Test func scriptsThatAreNamedExist() throws {
    for line in try lines(ofBlocks: "sh") where line.hasPrefix("scripts/") {
      let script = String(line.prefix { $0 != " " })
      let path = SuiteFolder.packageRoot.appendingPathComponent(script).path
      #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
    }
  }

  @Test func theExamplePipelineIsRight() async throws {
    let bench = try Bench.withShippedFiles()
    try bench.write(
      try lines(ofBlocks: "yaml").joined(separator: "\n"), to: "pipelines/readme.yaml")
    let outcome = try await bench.leaven("check", "pipelines/readme.yaml")
    #expect(outcome.status == 0, "\(outcome.said)")
    #expect(!outcome.said.contains("warning"), "\(outcome.said)")
  }

  @Test func commandsThatNeedAKeyAreUnderstood() async throws {
    let bench = try Bench.withShippedFiles()
    for line in try lines(ofBlocks: "shell") + lines(ofBlocks: "crontab") {
      for part in line.components(separatedBy: "&&") {
        guard let start = part.range(of: "leaven ") else { continue }
        let words = part[start.upperBound...].split(separator: " ").map(String.init)
          .prefix { !$0.hasPrefix(">") }
        // With --help the arguments are read, and nothing is done.
        let outcome = try await bench.leaven(words + ["--help"])
        #expect(outcome.status == 0, "\(line): \(outcome.said)")
      }
    }
  }
}
