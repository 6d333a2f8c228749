/// The state of a search, reused from text to text.
struct PatternScratch {
  /// The operations to be tried on the next scalar, and those for the one after it.
  var current: [Int32] = []
  var next: [Int32] = []
  /// For each operation the last step at which it was added.
  var added: [UInt32] = []
  var step: UInt32 = 0
  var stack: [Int32] = []
  /// For each look and each place in the text, whether it succeeds.
  var looks: [Bool] = []

  /// Makes room for a program and a text.
  mutating func prepare(operations: Int, looks count: Int, places: Int) {
    if added.count < operations {
      added = [UInt32](repeating: 0, count: operations)
      step = 0
    }
    if count > 0 {
      looks.removeAll(keepingCapacity: true)
      looks.append(contentsOf: repeatElement(false, count: count * places))
    }
  }

  /// Starts a step: nothing is added yet.
  mutating func beginStep() {
    if step == .max {
      for index in added.indices { added[index] = 0 }
      step = 0
    }
    step += 1
  }
}
