internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Holds what a stage will send against the request schema, the file that the sandbox applies to what arrives.
///
/// Records differ in their texts only, so one sample request speaks for all of them, before any is read.
enum RequestShape {
  /// Checks a stage's way of asking.
  ///
  /// - Throws: `RunError.requestShape` with what the schema says.
  static func check(_ stage: StagePlan, _ asking: Asking) throws(RunError) {
    let problems = problems(
      asking.builder.sample(hasSystem: stage.question.system != nil), stage.load.provider.form)
    guard problems.isEmpty else {
      throw RunError.requestShape(stage: stage.name, problems: problems)
    }
  }

  private static func problems(_ sample: [UInt8], _ form: RequestForm) -> [String] {
    do {
      let schema = try CompiledSchema(JSONValue(parsing: RequestSchema.bytes(of: form)))
      var tape = JSONTape()
      return try sample.withUnsafeBufferPointer { bytes in
        schema.violations(of: try tape.parse(bytes), limit: 3).map(\.sentence)
      }
    } catch {
      preconditionFailure("the request schema and the sample are Leaven's own: \(error)")
    }
  }
}
