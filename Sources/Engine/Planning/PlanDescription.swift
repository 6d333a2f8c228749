internal import Records

/// What the ledger keeps of a way of asking, as text.
enum PlanDescription {
  /// The model that was asked; nil when the text is no JSON (no release wrote one) or names none.
  static func model(in description: String) -> String? {
    // What is no JSON names no model.
    (try? JSONValue(parsing: description))?["model"]?.string
  }
}
