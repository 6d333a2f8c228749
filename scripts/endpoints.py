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


ANTHROPIC = Anthropic()
ENDPOINTS = {endpoint.provider: endpoint for endpoint in (ANTHROPIC, OpenAI(), Gemini())}
