extension RequestSchema {
  /// The bytes of `schemas/gemini-request.schema.json`, for the program that has no such file beside it.
  ///
  /// A test proves that they are the same.
  public static let gemini = Array(geminiText.utf8)

  private static let geminiText = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "One line of a Gemini batch file",
      "description": "A request for generateContent. The client checks what it builds against this.",
      "type": "object",
      "properties": {
        "key": { "type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$" },
        "request": { "$ref": "#/$defs/request" }
      },
      "required": ["key", "request"],
      "additionalProperties": false,
      "$defs": {
        "request": {
          "type": "object",
          "properties": {
            "model": { "type": "string", "pattern": "^models/[a-zA-Z0-9._-]{1,249}$" },
            "systemInstruction": {
              "type": "object",
              "properties": { "parts": { "$ref": "#/$defs/texts" } },
              "required": ["parts"],
              "additionalProperties": false
            },
            "contents": {
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "object",
                "properties": {
                  "role": { "enum": ["user", "model"] },
                  "parts": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/part" } }
                },
                "required": ["role", "parts"],
                "additionalProperties": false
              }
            },
            "generationConfig": {
              "type": "object",
              "properties": {
                "maxOutputTokens": { "type": "integer", "minimum": 1 },
                "responseMimeType": { "type": "string" },
                "responseJsonSchema": { "type": "object" }
              },
              "required": ["maxOutputTokens"],
              "propertyNames": {
                "enum": [
                  "stopSequences", "responseMimeType", "responseModalities", "responseJsonSchema",
                  "maxOutputTokens", "temperature", "topP", "topK", "seed", "presencePenalty",
                  "frequencyPenalty", "responseLogprobs", "logprobs", "thinkingConfig",
                  "mediaResolution", "speechConfig", "imageConfig"
                ]
              },
              "dependentRequired": { "responseJsonSchema": ["responseMimeType"] }
            },
            "safetySettings": { "type": "array", "items": { "type": "object" } },
            "tools": { "type": "array", "items": { "type": "object" } },
            "toolConfig": { "type": "object" },
            "cachedContent": { "type": "string", "minLength": 1 },
            "labels": { "type": "object" },
            "serviceTier": { "type": "string" },
            "store": { "type": "boolean" }
          },
          "required": ["model", "contents", "generationConfig"],
          "additionalProperties": false
        },
        "texts": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/text" } },
        "text": {
          "type": "object",
          "properties": { "text": { "type": "string", "pattern": "[^ \\t\\n\\r]" } },
          "required": ["text"],
          "additionalProperties": false
        },
        "part": {
          "type": "object",
          "minProperties": 1,
          "if": { "required": ["text"] },
          "then": { "$ref": "#/$defs/text" }
        }
      }
    }

    """#
}
