/// A macro together with the variables around it.
final class MacroValue {
  let program: MacroProgram
  let frame: Frame

  init(_ program: MacroProgram, in frame: Frame) {
    self.program = program
    self.frame = frame
  }
}
