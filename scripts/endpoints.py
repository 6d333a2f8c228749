"""What a night knows of the providers: where their batches are, and how requests and answers look over the wire.

Nothing here shares code with the program; it reads the files of the sandbox.
"""

KEY = "sk-night"


class Anthropic:
    provider = "anthropic"
    model = "claude-haiku-4-5"
    path = "/anthropic"
    headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
    variables = {"ANTHROPIC_API_KEY": KEY}
    list = "/v1/messages/batches"
    cancel = "/cancel"
    # The calls that fetch answers, and the errors of a row that pass and that do not.
    results = "results"
    passing = "api_error"
    lasting = "invalid_request_error"
    # All errors of a row, and what may be wrong with results, in this provider's words.
    row_errors = ["api_error", "overloaded_error", "timeout_error", "invalid_request_error", "request_too_large"]
    manglings = ["unknown_types", "flat_errors"]
    # Where a request goes one by one, what makes a batch over the wire, and the calls before it that carry its requests.
    one_by_one = "messages"
    creates = "POST /anthropic/v1/messages/batches "
    message = "POST /anthropic/v1/messages "
    uploads = []
    # The reasons to stop that leave an answer whole.
    whole = {"end_turn", "stop_sequence", "tool_use"}
    # What says that the money is used up.
    spent = {"status": 429, "type": "rate_limit_error", "code": "enforced_spend_limit_reached"}
    # How long a batch may take, in hours; whether what is done by then is kept, and paid.
    hours = 24
    keeps_part = True

    def batches(self, page):
        return [f"/v1/messages/batches/{batch['id']}" for batch in page["data"]]

    def asked(self, request):
        """The key of a stored request, its system text and its prompt."""
        params = request["params"]
        return request["custom_id"], (params["system"], params["messages"][0]["content"])

    def answered(self, row):
        """The key of a result, why the model stopped, and its words; None when there was no answer."""
        if row["result"]["type"] != "succeeded":
            return None
        message = row["result"]["message"]
        words = message["content"][0].get("text", "") if message["content"] else ""
        return row["custom_id"], message["stop_reason"], words

    def row(self, key, words):
        """The row of a good answer."""
        usage = {"input_tokens": 10, "output_tokens": 5}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": self.model}
        message |= {"content": [{"type": "text", "text": words}], "stop_reason": "end_turn", "usage": usage}
        return {"custom_id": key, "result": {"type": "succeeded", "message": message}}


class OpenAI:
    provider = "openai"
    model = "gpt-6-luna"
    path = "/openai/v1"
    headers = {"authorization": f"Bearer {KEY}"}
    variables = {"OPENAI_API_KEY": KEY}
    list = "/batches"
    cancel = "/cancel"
    results = "content"
    passing = "server_error"
    lasting = "invalid_request_error"
    row_errors = ["server_error", "rate_limit_error", "invalid_request_error"]
    manglings = []
    one_by_one = "chat"
    creates = "POST /openai/v1/batches "
    message = "POST /openai/v1/chat/completions "
    uploads = ["upload"]
    whole = {"stop", "tool_calls"}
    spent = {"status": 429, "type": "insufficient_quota", "code": "credit_balance_exhausted"}
    hours = 24
    keeps_part = True

    def batches(self, page):
        return [f"/batches/{batch['id']}" for batch in page["data"]]

    def asked(self, request):
        # A correction would be a later turn of the user's.
        first = {turn["role"]: turn["content"] for turn in reversed(request["body"]["messages"])}
        system = first.get("developer", first.get("system"))
        return request["custom_id"], (system, first["user"])

    def answered(self, row):
        choice = row["response"]["body"]["choices"][0]
        return row["custom_id"], choice["finish_reason"], choice["message"]["content"] or ""

    def row(self, key, words):
        choice = {"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "model": self.model}
        body |= {"choices": [choice], "usage": usage}
        response = {"status_code": 200, "request_id": "req_1", "body": body}
        return {"id": "batch_req_1", "custom_id": key, "response": response, "error": None}


class Gemini:
    provider = "gemini"
    model = "gemini-2.5-flash-lite"
    path = "/gemini"
    headers = {"x-goog-api-key": KEY}
    variables = {"GEMINI_API_KEY": KEY}
    list = "/v1/batches"
    cancel = ":cancel"
    results = "content"
    passing = "INTERNAL"
    lasting = "INVALID_ARGUMENT"
    row_errors = ["INTERNAL", "UNAVAILABLE", "INVALID_ARGUMENT"]
    manglings = []
    one_by_one = "generate"
    creates = ":batchGenerateContent "
    message = ":generateContent "
    uploads = ["upload", "upload_bytes"]
    whole = {"STOP"}
    # It has no word of its own for that.
    spent = None
    hours = 48
    keeps_part = False

    def batches(self, page):
        return [f"/v1/{operation['name']}" for operation in page.get("operations", [])]

    def asked(self, request):
        body = request["request"]
        system = body["systemInstruction"]["parts"][0]["text"]
        return request["key"], (system, body["contents"][0]["parts"][0]["text"])

    def answered(self, row):
        candidates = row.get("response", {}).get("candidates")
        if not candidates:
            return None
        parts = candidates[0].get("content", {}).get("parts", [])
        return row["key"], candidates[0]["finishReason"], parts[0].get("text", "") if parts else ""

    def row(self, key, words):
        candidate = {"content": {"parts": [{"text": words}], "role": "model"}, "finishReason": "STOP"}
        usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
        return {"key": key, "response": {"candidates": [candidate], "usageMetadata": usage}}


ANTHROPIC = Anthropic()
ENDPOINTS = {endpoint.provider: endpoint for endpoint in (ANTHROPIC, OpenAI(), Gemini())}
