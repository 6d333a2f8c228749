internal import ArgumentParser
internal import Pipelines

/// `leaven schema`: the JSON Schema of pipeline files, for editors; how the committed file is made.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of pipeline files, for editors.",
    discussion: "Example:  leaven schema > schemas/pipeline.schema.json", shouldDisplay: false)

  func run() { Console.data(PipelineSchema.generate()) }
}
