/// The kinds of problems a pipeline file can have. Codes are stable: none is ever used for
/// something else.
public enum DiagnosticCode: String, Sendable, CaseIterable {
  // The file
  case fileUnreadable = "file-unreadable"
  case notUTF8 = "not-utf8"
  case emptyFile = "empty-file"
  case yamlSyntax = "yaml-syntax"
  case yamlUnsupported = "yaml-unsupported"
  case duplicateKey = "duplicate-key"

  // Keys and values
  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  case misplacedKey = "misplaced-key"
  case conflictingKeys = "conflicting-keys"
  case wrongType = "wrong-type"
  case outOfRange = "out-of-range"
  case unknownValue = "unknown-value"
  case badName = "bad-name"
  case secretInFile = "secret-in-file"
  case unknownVar = "unknown-var"

  // Sources
  case missingFile = "missing-file"
  case sourceUnreadable = "source-unreadable"
  case unknownField = "unknown-field"
  case rareField = "rare-field"
  case reservedField = "reserved-field"
  case unknownTable = "unknown-table"

  // Templates and expressions
  case templateSyntax = "template-syntax"
  case expressionSyntax = "expression-syntax"
  case notInScope = "not-in-scope"
  case unknownOutput = "unknown-output"
  case notAList = "not-a-list"
  case constantKey = "constant-key"
  case constantPrompt = "constant-prompt"
  case turnOrder = "turn-order"

  // Load
  case badSchema = "bad-schema"
  case unknownProvider = "unknown-provider"
  case unknownModel = "unknown-model"
  case retiredModel = "retired-model"
  case unknownPrice = "unknown-price"
  case overLimit = "over-limit"
  case refusedParameter = "refused-parameter"
  case shortPrefix = "short-prefix"
  case plainHTTP = "plain-http"

  // Stages
  case unknownStage = "unknown-stage"
  case stageCycle = "stage-cycle"

  // Merge
  case outputIsInput = "output-is-input"
  case outputTwice = "output-twice"
  case outputFolder = "output-folder"
  case mergeTarget = "merge-target"
  case selfFeeding = "self-feeding"

  /// What the code means, in one sentence.
  public var meaning: String {
    switch self {
    case .fileUnreadable: "The pipeline file cannot be opened or read."
    case .notUTF8: "The file is not UTF-8."
    case .emptyFile: "The file holds no YAML value."
    case .yamlSyntax: "The text is not YAML."
    case .yamlUnsupported:
      "YAML that pipeline files do not use: tags, keys that are no text, endless aliases."
    case .duplicateKey: "A key stands twice in one mapping."
    case .unknownKey: "A key that does not exist here."
    case .missingKey: "A key that must be there is not."
    case .misplacedKey: "A key that exists, but not with this source or target."
    case .conflictingKeys: "Keys of which only one may be written."
    case .wrongType: "A value of the wrong kind."
    case .outOfRange: "A number outside its range."
    case .unknownValue: "A value that is none of the allowed ones."
    case .badName: "A name with characters that names cannot have."
    case .secretInFile: "Something that looks like an API key."
    case .unknownVar: "A variable that the file does not declare."
    case .missingFile: "A file that the pipeline names does not exist."
    case .sourceUnreadable: "The beginning of a source cannot be read."
    case .unknownField: "A field that the source's records do not have."
    case .rareField: "A field that only some of the first records have, or that may not exist."
    case .reservedField: "A field whose name means something else in templates."
    case .unknownTable: "A table, or a query's table or column, that the database does not have."
    case .templateSyntax: "A template that does not parse."
    case .expressionSyntax: "An expression that does not parse."
    case .notInScope:
      "A name that means nothing at this place, such as the answer before it is there."
    case .unknownOutput: "A property that the answer schema does not allow."
    case .notAList: "A value that `each` should go through and that is no list."
    case .constantKey: "A key template that reads nothing of the record."
    case .constantPrompt: "A prompt that reads nothing of the record."
    case .turnOrder: "Turns of `messages` that are not the user's and the model's in turn."
    case .badSchema:
      "An answer schema that is no JSON, does not compile, or that the provider cannot take."
    case .unknownProvider: "A provider that does not exist."
    case .unknownModel: "A model that the catalogue does not know."
    case .retiredModel: "A model that is retired, or soon will be."
    case .unknownPrice: "A model without a price, where there is a budget."
    case .overLimit: "A limit above the provider's or the model's."
    case .refusedParameter:
      "A parameter that the provider, its API version or the model does not take."
    case .shortPrefix: "A cache that nothing, or too little, is the same in all requests for."
    case .plainHTTP: "A key that would go over a network unencrypted."
    case .unknownStage: "A stage that does not exist."
    case .stageCycle: "Stages that wait for each other."
    case .outputIsInput: "A target that is also a source."
    case .outputTwice: "Two stages that write the same target."
    case .outputFolder: "A target whose folder cannot take it, or does not exist yet."
    case .mergeTarget: "A table or file that cannot take the answers as asked."
    case .selfFeeding: "A merge that changes what its own prompt, system or key reads."
    }
  }
}
