internal import Records

/// Scratch for rendering, reused from record to record: where fields were found last, what a render has cost.
///
/// One renderer serves any number of templates, but only one task.
public struct Renderer {
  /// Where the fields of each program were found, so that the next record is looked up at once.
  private var knownPositions: [(program: ObjectIdentifier, positions: [Int])] = []
  var positions: [Int] = []
  var program: Program?
  var scope: TemplateScope?
  /// Where the render is, for errors.
  var mark = Mark(source: 0, offset: 0)
  var limits = RenderLimits()
  private var iterationCount = 0
  var depth = 0
  private var stackStart: UInt = 0
  /// The frame of templates and expressions that have no variables.
  let emptyFrame = Frame(slotCount: 0, parent: nil, names: nil)
  /// The frame of the last template that had some, for the next record, unless something still holds it.
  var mainFrame: Frame?
  /// Other frames that something held when they were left: most likely a macro that lies in one of their own slots.
  private var heldFrames: [Frame] = []

  /// Creates a renderer.
  public init() {}

  mutating func begin(_ program: Program, _ scope: TemplateScope) {
    if self.program !== program { take(program) }
    self.scope = scope
    mark = Mark(source: 0, offset: 0)
    iterationCount = 0
    depth = 0
    stackStart = ThreadStack.position()
  }

  /// Ends a render. What its variables hold is let go of, so that no frame is kept by a macro that it keeps.
  mutating func end() {
    scope = nil
    mainFrame?.empty()
    for frame in heldFrames { frame.empty() }
    heldFrames.removeAll(keepingCapacity: true)
  }

  /// An empty frame for a whole template.
  mutating func frame(slotCount: Int) -> Frame {
    if slotCount == 0 { return emptyFrame }
    if mainFrame?.slots.count == slotCount, isKnownUniquelyReferenced(&mainFrame), let mainFrame {
      return mainFrame
    }
    let frame = Frame(slotCount: slotCount, parent: nil, names: nil)
    mainFrame = frame
    return frame
  }

  /// Leaves a frame of something inside the template.
  mutating func leave(_ frame: inout Frame) {
    if !isKnownUniquelyReferenced(&frame) { heldFrames.append(frame) }
  }

  /// Changes to another program, and remembers the positions of the last one.
  private mutating func take(_ next: Program) {
    if let program { remember(positions, of: program) }
    program = next
    limits = next.settings.limits
    let count = next.externals.count
    let known = knownPositions.first { $0.program == ObjectIdentifier(next) }?.positions
    positions = known?.count == count ? known ?? [] : Array(repeating: 0, count: count)
  }

  private mutating func remember(_ positions: [Int], of program: Program) {
    let identity = ObjectIdentifier(program)
    if let index = knownPositions.firstIndex(where: { $0.program == identity }) {
      knownPositions[index].positions = positions
    } else {
      if knownPositions.count >= 64 { knownPositions.removeFirst() }
      knownPositions.append((identity, positions))
    }
  }

  /// Counts one step of a loop, a filter or a function.
  mutating func countIteration() throws(RenderError) { try count(iterations: 1) }

  /// Counts steps of a loop, a filter or a function.
  mutating func count(iterations: Int) throws(RenderError) {
    iterationCount &+= iterations
    guard iterationCount <= limits.iterationCount else {
      throw failure(
        "limit-exceeded", "the template walks over more than \(limits.iterationCount) elements",
        hint: "the limit stops runaway loops")
    }
  }

  /// Goes one level deeper: a macro, a recursive loop, an include, a value inside a value.
  mutating func descend() throws(RenderError) {
    depth += 1
    let stackUse = Int(bitPattern: stackStart) &- Int(bitPattern: ThreadStack.position())
    let hasStack = stackUse < ThreadStack.limit
    guard depth <= limits.depth, hasStack else {
      throw failure(
        "limit-exceeded", "the template goes deeper than \(hasStack ? limits.depth : depth) levels",
        hint: "a macro, a loop or a file uses itself without end")
    }
  }

  mutating func ascend() { depth -= 1 }

  /// Refuses a text that is too long, before it is made.
  func check(byteCount: Int) throws(RenderError) {
    guard byteCount <= limits.outputByteCount else {
      throw failure(
        "limit-exceeded", "a text grows beyond \(limits.outputByteCount) bytes")
    }
  }

  /// An error at the present place.
  func failure(_ code: String, _ sentence: String, hint: String? = nil) -> RenderError {
    guard let program, Int(mark.source) < program.sources.count else {
      return RenderError(
        name: "", line: 1, column: 1, code: code, sentence: sentence, hint: hint)
    }
    let place = program.sources[Int(mark.source)].place(at: Int(mark.offset))
    return RenderError(
      name: place.name, line: place.line, column: place.column, code: code, sentence: sentence,
      hint: hint)
  }

  /// A value is of a type that something cannot be done with.
  func wrongType(_ sentence: String, hint: String? = nil) -> RenderError {
    failure("wrong-type", sentence, hint: hint)
  }

  /// An argument that a function or filter does not take.
  func wrongArgument(_ sentence: String, hint: String? = nil) -> RenderError {
    failure("wrong-argument", sentence, hint: hint)
  }

  /// A value that cannot be used for what it is used for.
  func badValue(_ sentence: String, hint: String? = nil) -> RenderError {
    failure("bad-value", sentence, hint: hint)
  }

  /// Something that Jinja does and Leaven does not.
  func unsupported(_ sentence: String, hint: String? = nil) -> RenderError {
    failure("unsupported-operation", sentence, hint: hint)
  }

  /// The use of a value that is not there.
  func undefined(_ value: UndefinedValue) -> RenderError {
    failure(
      "undefined-name", value.sentence,
      hint: value.reason == nil
        ? "use the filter default(…) or the test 'is defined' where it may be missing" : nil)
  }
}
