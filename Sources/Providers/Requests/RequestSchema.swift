/// The schema of one request of a batch: what the client checks its requests against before they cost anything.
public enum RequestSchema {
  /// The bytes of `schemas/anthropic-request.schema.json` (JSON Schema 2020-12), for the program
  /// that has no such file beside it.
  ///
  /// A test proves that they are the same.
  public static let bytes = Array(text.utf8)

  private static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "One request of an Anthropic message batch",
      "description": "What a batch's `requests` list holds. The client checks what it builds against this, the sandbox what arrives: the envelope (`custom_id`, `params` there) at once, `$defs/params` when the row is worked on.",
      "type": "object",
      "properties": {
        "custom_id": { "$ref": "#/$defs/custom_id" },
        "params": { "$ref": "#/$defs/params" }
      },
      "required": ["custom_id", "params"],
      "additionalProperties": false,
      "$defs": {
        "custom_id": { "type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$" },
        "params": {
          "type": "object",
          "properties": {
            "model": { "type": "string", "minLength": 1, "maxLength": 256 },
            "max_tokens": { "type": "integer", "minimum": 1 },
            "messages": { "type": "array", "minItems": 1, "maxItems": 100000, "items": { "$ref": "#/$defs/message" } },
            "system": {
              "anyOf": [
                { "$ref": "#/$defs/text" },
                { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/text_block" } }
              ]
            },
            "output_config": { "$ref": "#/$defs/output_config" },
            "cache_control": { "$ref": "#/$defs/cache_control" },
            "stop_sequences": { "type": "array", "items": { "type": "string", "minLength": 1 } },
            "temperature": { "type": "number", "minimum": 0, "maximum": 1 },
            "top_p": { "type": "number", "minimum": 0, "maximum": 1 },
            "top_k": { "type": "integer", "minimum": 0 },
            "thinking": { "type": "object", "properties": { "type": { "type": "string" } }, "required": ["type"] },
            "tools": {
              "type": "array",
              "items": { "type": "object", "properties": { "name": { "type": "string", "minLength": 1 } }, "required": ["name"] }
            },
            "tool_choice": { "type": "object", "properties": { "type": { "enum": ["auto", "any", "tool", "none"] } }, "required": ["type"] },
            "metadata": {
              "type": "object",
              "properties": { "user_id": { "type": ["string", "null"], "maxLength": 256 } },
              "additionalProperties": false
            },
            "service_tier": { "enum": ["auto", "standard_only"] },
            "inference_geo": { "type": ["string", "null"] },
            "container": { "type": ["string", "object", "null"] },
            "context_management": { "type": ["object", "null"] },
            "mcp_servers": { "type": "array", "items": { "type": "object" } },
            "user_profile_id": { "type": ["string", "null"] },
            "stream": { "const": false }
          },
          "required": ["model", "max_tokens", "messages"],
          "additionalProperties": false
        },
        "message": {
          "type": "object",
          "properties": {
            "role": { "enum": ["user", "assistant"] },
            "content": {
              "anyOf": [
                { "$ref": "#/$defs/text" },
                { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/block" } }
              ]
            }
          },
          "required": ["role", "content"],
          "additionalProperties": false
        },
        "text": { "description": "Text with something other than white space.", "type": "string", "pattern": "[^ \\t\\n\\r]" },
        "block": {
          "type": "object",
          "properties": { "type": { "type": "string", "minLength": 1 }, "cache_control": { "$ref": "#/$defs/cache_control" } },
          "required": ["type"],
          "if": { "properties": { "type": { "const": "text" } } },
          "then": { "properties": { "text": { "$ref": "#/$defs/text" } }, "required": ["text"] }
        },
        "text_block": {
          "type": "object",
          "properties": {
            "type": { "const": "text" },
            "text": { "$ref": "#/$defs/text" },
            "cache_control": { "$ref": "#/$defs/cache_control" },
            "citations": { "type": ["array", "null"] }
          },
          "required": ["type", "text"],
          "additionalProperties": false
        },
        "cache_control": {
          "anyOf": [
            { "type": "null" },
            {
              "type": "object",
              "properties": { "type": { "const": "ephemeral" }, "ttl": { "enum": ["5m", "1h"] } },
              "required": ["type"],
              "additionalProperties": false
            }
          ]
        },
        "output_config": {
          "type": "object",
          "properties": {
            "effort": { "enum": ["low", "medium", "high", "xhigh", "max", null] },
            "format": {
              "anyOf": [
                { "type": "null" },
                {
                  "type": "object",
                  "properties": { "type": { "const": "json_schema" }, "schema": { "type": "object" } },
                  "required": ["type", "schema"],
                  "additionalProperties": false
                }
              ]
            }
          },
          "additionalProperties": false
        }
      }
    }

    """#
}
