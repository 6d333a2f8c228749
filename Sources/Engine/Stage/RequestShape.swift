internal import Pipelines
internal import Providers

/// Holds what a stage will send against the request schema, the file that the sandbox applies to what arrives.
///
/// Records differ in their texts only, so one sample request speaks for all of them, before any is read.
enum RequestShape {
  /// Checks a stage's way of asking.
  ///
  /// - Throws: `RunError.requestShape` with what the schema says.
  static func check(_ stage: StagePlan, _ asking: Asking) throws(RunError) {
    let sample = asking.builder.sample(hasSystem: stage.question.system != nil)
    let violations = RequestViolations.of(
      sample, stage.load.provider.form, betas: stage.load.betas)
    guard violations.isEmpty else {
      throw RunError.requestShape(stage: stage.name, problems: violations.map(\.sentence))
    }
  }
}
