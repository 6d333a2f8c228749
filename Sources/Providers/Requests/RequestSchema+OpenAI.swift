extension RequestSchema {
  /// The bytes of `schemas/openai-request.schema.json`, for the program that has no such file beside it.
  ///
  /// A test proves that they are the same.
  public static let openAI = Array(openAIText.utf8)

  /// The schema of requests of a form.
  public static func bytes(of form: RequestForm) -> [UInt8] {
    switch form {
    case .messages: bytes
    case .generate: gemini
    case .chat, .completions, .responses: openAI
    }
  }

  private static let openAIText = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "One line of an OpenAI batch file",
      "description": "A request for Chat Completions or for Responses. The client checks what it builds against this.",
      "type": "object",
      "properties": {
        "custom_id": { "type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$" },
        "method": { "const": "POST" },
        "url": { "enum": ["/v1/chat/completions", "/v1/responses"] },
        "body": { "type": "object" }
      },
      "required": ["custom_id", "method", "url", "body"],
      "additionalProperties": false,
      "if": { "properties": { "url": { "const": "/v1/responses" } } },
      "then": { "properties": { "body": { "$ref": "#/$defs/response" } } },
      "else": { "properties": { "body": { "$ref": "#/$defs/chat" } } },
      "$defs": {
        "chat": {
          "type": "object",
          "properties": {
            "model": { "type": "string", "minLength": 1, "maxLength": 256 },
            "max_completion_tokens": { "type": "integer", "minimum": 1 },
            "max_tokens": { "type": "integer", "minimum": 1 },
            "messages": { "$ref": "#/$defs/turns" },
            "stream": { "const": false },
            "temperature": { "type": ["number", "null"], "minimum": 0, "maximum": 2 },
            "top_p": { "type": ["number", "null"], "minimum": 0, "maximum": 1 },
            "stop": {
              "anyOf": [
                { "type": ["string", "null"] },
                { "type": "array", "maxItems": 4, "items": { "type": "string" } }
              ]
            },
            "seed": { "type": ["integer", "null"] },
            "reasoning_effort": { "type": ["string", "null"] },
            "tools": { "$ref": "#/$defs/tools" },
            "tool_choice": { "type": ["string", "object"] },
            "response_format": {
              "type": "object",
              "properties": { "type": { "enum": ["text", "json_object", "json_schema"] }, "json_schema": { "$ref": "#/$defs/format" } },
              "required": ["type"]
            }
          },
          "required": ["model", "messages"]
        },
        "response": {
          "type": "object",
          "properties": {
            "model": { "type": "string", "minLength": 1, "maxLength": 256 },
            "max_output_tokens": { "type": "integer", "minimum": 1 },
            "input": { "$ref": "#/$defs/turns" },
            "stream": { "const": false },
            "temperature": { "type": ["number", "null"], "minimum": 0, "maximum": 2 },
            "top_p": { "type": ["number", "null"], "minimum": 0, "maximum": 1 },
            "reasoning": { "type": ["object", "null"] },
            "tools": { "$ref": "#/$defs/tools" },
            "tool_choice": { "type": ["string", "object"] },
            "text": {
              "type": "object",
              "properties": { "format": { "$ref": "#/$defs/format" } }
            }
          },
          "required": ["model", "input"]
        },
        "tools": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": { "type": { "type": "string", "minLength": 1 } },
            "required": ["type"]
          }
        },
        "turns": {
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "object",
            "properties": {
              "role": { "enum": ["system", "developer", "user", "assistant"] },
              "content": {
                "anyOf": [
                  { "type": "string", "pattern": "[^ \\t\\n\\r]" },
                  { "type": "array", "minItems": 1, "items": { "type": "object" } }
                ]
              }
            },
            "required": ["role", "content"]
          }
        },
        "format": {
          "type": "object",
          "properties": {
            "type": { "const": "json_schema" },
            "name": { "type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$" },
            "schema": { "type": "object" },
            "strict": { "type": "boolean" }
          },
          "required": ["name", "schema"]
        }
      }
    }

    """#
}
