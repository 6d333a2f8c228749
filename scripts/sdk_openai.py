"""What the official OpenAI SDK must see of a sandbox. Run by scripts/sdk-conformance."""

import io
import json
import re
import time
import urllib.request

import openai
from openai import OpenAI

from sdk_checks import LABELS, ROOT, check, run, status_and_body, until

BASE = ROOT + "/openai/v1"
MODEL = "gpt-6-luna"
CLIENT = OpenAI(api_key="sk-conformance", base_url=BASE, max_retries=0)
STRICT = {**LABELS, "required": list(LABELS["properties"])}
CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
ENDED = ("completed", "failed", "expired", "cancelled")


def body(text, **more):
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **more}


def structured(schema, **more):
    named = {"name": "labels", "schema": schema, "strict": True, **more}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def line(key, params, url=CHAT):
    return json.dumps({"custom_id": key, "method": "POST", "url": url, "body": params})


def upload(lines, name="in.jsonl", **more):
    content = ("\n".join(lines) + "\n").encode()
    return CLIENT.files.create(file=(name, io.BytesIO(content)), purpose="batch", **more)


def create(lines, endpoint=CHAT, **more):
    file = upload(lines)
    return CLIENT.batches.create(
        input_file_id=file.id, endpoint=endpoint, completion_window="24h", **more
    )


def ended(batch):
    return until(lambda it: it.status in ENDED, lambda: CLIENT.batches.retrieve(batch.id))


def rows(file_id):
    return {row["custom_id"]: row for row in map(json.loads, CLIENT.files.content(file_id).text.splitlines())}


def refused(status, words, call):
    try:
        call()
    except openai.APIStatusError as error:
        assert error.status_code == status, (error.status_code, error.body)
        assert set(error.body) == {"message", "type", "param", "code"}, error.body
        assert re.search(words, error.body["message"]), error.body
        assert error.request_id, "no x-request-id"
        return error
    raise AssertionError(f"no {status}")


@check
def files_go_and_come():
    file = upload([line("a", body("Größe 😀"))], name="größe; 1.jsonl")
    assert file.id.startswith("file-") and file.object == "file" and file.purpose == "batch"
    assert file.status == "processed" and file.expires_at == file.created_at + 2_592_000
    content = CLIENT.files.content(file.id)
    assert len(content.content) == file.bytes and "Größe" in json.loads(content.text)["body"]["messages"][0]["content"]
    assert content.response.headers["content-type"] == "application/octet-stream"
    assert CLIENT.files.retrieve(file.id) == file
    assert file.id in [each.id for each in CLIENT.files.list(purpose="batch", limit=3)]
    gone = CLIENT.files.delete(file.id)
    assert gone.deleted and gone.id == file.id
    refused(404, "No such File object", lambda: CLIENT.files.retrieve(file.id))
    refused(404, "", lambda: CLIENT.files.content(file.id))


@check
def files_expire_when_told():
    after = {"anchor": "created_at", "seconds": 3600}
    file = upload([line("a", body("Hello"))], extra_body={"expires_after": after})
    assert file.expires_at == file.created_at + 3600


@check
def what_is_no_jsonl_is_refused():
    refused(400, "jsonl", lambda: upload([""]))
    refused(400, "jsonl", lambda: upload(["id,text", "1,a"]))
    refused(400, "Supported values", lambda: CLIENT.files.create(file=b"{}", purpose="fun"))


@check
def a_batch_is_whole():
    batch = create([line("a", body("Hello"))], metadata={"marker": "m-1"})
    assert batch.id.startswith("batch_") and batch.object == "batch" and batch.status == "validating"
    assert batch.expires_at - batch.created_at == 86_400 and batch.metadata == {"marker": "m-1"}
    assert batch.request_counts.total == 0 and batch.errors is None and batch.output_file_id is None
    done = ended(batch)
    assert done.status == "completed" and done.completed_at and done.in_progress_at and done.finalizing_at
    assert (done.request_counts.total, done.request_counts.completed, done.request_counts.failed) == (1, 1, 0)
    assert not done.error_file_id
    assert abs(done.created_at - time.time()) < 60


@check
def a_poller_sees_the_states():
    batch = create([line(f"r{i}", body(f"Hello {i}")) for i in range(20)])
    seen = []
    while not seen or seen[-1] not in ENDED:
        status = CLIENT.batches.retrieve(batch.id).status
        if not seen or seen[-1] != status:
            seen.append(status)
        time.sleep(0.01)
    wanted = ["validating", "in_progress", "finalizing", "completed"]
    assert seen == wanted, seen


@check
def rows_come_in_any_order_and_fit():
    lines = [line(f"row-{i}", body(f"<m>Parcel {i} has not come.</m>", **structured(STRICT))) for i in range(40)]
    done = ended(create(lines))
    text = CLIENT.files.content(done.output_file_id).text
    keys = [json.loads(row)["custom_id"] for row in text.splitlines()]
    assert sorted(keys) == sorted(f"row-{i}" for i in range(40)) and keys != sorted(keys)
    for key, row in rows(done.output_file_id).items():
        assert row["id"].startswith("batch_req_") and row["error"] is None
        assert row["response"]["status_code"] == 200 and row["response"]["request_id"]
        completion = openai.types.chat.ChatCompletion.model_validate(row["response"]["body"])
        answer = json.loads(completion.choices[0].message.content)
        assert list(answer) == STRICT["required"], answer
        assert f"Parcel {key[4:]} has" in answer["summary"]
        assert completion.usage.prompt_tokens > 0 and completion.choices[0].finish_reason == "stop"


@check
def responses_are_batched_too():
    format = {"type": "json_schema", "name": "labels", "schema": STRICT, "strict": True}
    params = {"model": MODEL, "input": "<m>Where is it?</m>", "text": {"format": format}}
    done = ended(create([line("a", params, RESPONSES)], RESPONSES))
    parsed = openai.types.responses.Response.model_validate(rows(done.output_file_id)["a"]["response"]["body"])
    assert parsed.status == "completed" and parsed.output[0].type == "reasoning"
    assert json.loads(parsed.output_text)["label"] in ("refund", "delivery", "other")


@check
def rows_fail_one_by_one():
    loose = {"type": "object", "properties": {"a": {"type": "string"}}}
    done = ended(create([
        line("good", body("Hello")), line("loose", body("Hello", **structured(loose))),
        line("extra", body("Hello", flavour="sweet")), line("long", body("Hello", max_completion_tokens=10_000_000)),
        line("cut", body("Tell me of all the railways", max_completion_tokens=3)),
    ]))
    assert done.request_counts.completed == 2 and done.request_counts.failed == 3
    good, bad = rows(done.output_file_id), rows(done.error_file_id)
    assert sorted(good) == ["cut", "good"] and sorted(bad) == ["extra", "long", "loose"]
    assert good["cut"]["response"]["body"]["choices"][0]["finish_reason"] == "length"
    for row in bad.values():
        assert row["error"] is None and row["response"]["status_code"] == 400
        assert row["response"]["body"]["error"]["type"] == "invalid_request_error"
    assert "additionalProperties" in bad["loose"]["response"]["body"]["error"]["message"]


@check
def a_bad_line_fails_the_whole():
    good = line("a", body("Hello"))
    other = line("b", body("Hello"))
    wrong = {
        "invalid_json_line": "{",
        "missing_required_parameter": json.dumps({"custom_id": "b", "method": "POST", "url": CHAT}),
        "invalid_url": line("b", body("Hello"), RESPONSES),
        "streaming_unsupported": line("b", body("Hello", stream=True)),
        "model_not_found": line("b", {**body("Hello"), "model": "gpt-0"}),
        "mismatched_model": line("b", {**body("Hello"), "model": "gpt-5"}),
        "duplicate_custom_id": good,
    }
    batches = {code: create([good, bad]) for code, bad in wrong.items()}
    for code, batch in batches.items():
        done = ended(batch)
        assert done.status == "failed" and done.failed_at and not done.output_file_id, code
        assert [(error.code, error.line) for error in done.errors.data] == [(code, 2)], done.errors
        assert done.request_counts.total == 0
    fine = ended(create([good, other]))
    assert fine.status == "completed"


@check
def an_unknown_file_fails_later():
    batch = CLIENT.batches.create(input_file_id="file-nonesuch", endpoint=CHAT, completion_window="24h")
    done = ended(batch)
    assert done.status == "failed" and done.errors.data[0].code == "invalid_request"
    assert done.errors.data[0].param == "file_id" and done.errors.data[0].line is None


@check
def creates_are_checked_at_once():
    file = upload([line("a", body("Hello"))]).id
    def make(**more):
        wanted = {"input_file_id": file, "endpoint": CHAT, "completion_window": "24h", **more}
        return lambda: CLIENT.batches.create(**wanted)
    assert refused(400, "Supported values", make(endpoint="/v1/nothing")).body["param"] == "endpoint"
    refused(400, "Supported values", make(completion_window="1h"))
    assert refused(400, "string", make(metadata={"a": 1})).body["code"] == "invalid_type"
    refused(400, "at most 16", make(metadata={f"k{i}": "v" for i in range(17)}))


@check
def identical_creates_make_two_batches():
    file = upload([line("a", body("Hello"))]).id
    ids = {CLIENT.batches.create(input_file_id=file, endpoint=CHAT, completion_window="24h").id for _ in range(2)}
    assert len(ids) == 2


@check
def cancel_keeps_what_is_done():
    batch = create([line(f"c{i}", body(f"Hello {i}")) for i in range(60)])
    until(lambda it: it.status == "in_progress", lambda: CLIENT.batches.retrieve(batch.id))
    canceled = CLIENT.batches.cancel(batch.id)
    assert canceled.status == "cancelling" and canceled.cancelling_at
    done = ended(batch)
    assert done.status == "cancelled" and done.cancelled_at
    bad = rows(done.error_file_id)
    good = rows(done.output_file_id) if done.output_file_id else {}
    assert len(good) + len(bad) == 60 and bad
    assert {row["error"]["code"] for row in bad.values()} == {"batch_cancelled"}
    assert CLIENT.batches.cancel(batch.id).status == "cancelled"


@check
def the_ended_cannot_be_canceled():
    done = ended(create([line("a", body("Hello"))]))
    error = refused(409, "Cannot cancel a batch with status 'completed'", lambda: CLIENT.batches.cancel(done.id))
    assert isinstance(error, openai.ConflictError)
    refused(404, "No batch found with id 'batch_x'", lambda: CLIENT.batches.retrieve("batch_x"))


@check
def lists_page_through_everything():
    made = [create([line("a", body("Hello"))]).id for _ in range(5)]
    page = CLIENT.batches.list(limit=2)
    assert [batch.id for batch in page.data] == [made[4], made[3]] and page.has_more
    assert [batch.id for batch in page.get_next_page().data] == [made[2], made[1]]
    everything = [batch.id for batch in CLIENT.batches.list(limit=3)]
    assert everything[:5] == made[::-1] and len(everything) == len(set(everything))
    refused(400, "limit", lambda: CLIENT.batches.list(limit=101))


@check
def completions_answer_at_once():
    answer = CLIENT.chat.completions.create(**body("Say something about larch trees."))
    assert "larch" in answer.choices[0].message.content and answer.object == "chat.completion"
    assert answer.choices[0].finish_reason == "stop" and answer.choices[0].message.refusal is None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    shaped = CLIENT.chat.completions.create(**body("Where is my parcel?", **structured(STRICT)))
    assert json.loads(shaped.choices[0].message.content)["label"] in ("refund", "delivery", "other")
    refused(404, "nonesuch", lambda: CLIENT.chat.completions.create(**{**body("Hello"), "model": "gpt-nonesuch"}))
    refused(400, "max_completion_tokens", lambda: CLIENT.chat.completions.create(**body("Hello", max_tokens=5)))
    refused(400, "additionalProperties", lambda: CLIENT.chat.completions.create(
        **body("Hello", **structured({"type": "object", "properties": {}}))))


@check
def responses_answer_at_once():
    answer = CLIENT.responses.create(model=MODEL, input="Say something about larch trees.")
    assert "larch" in answer.output_text and answer.status == "completed"
    cut = CLIENT.responses.create(model=MODEL, input="Say something about larch trees.", max_output_tokens=3)
    assert cut.status == "incomplete" and cut.incomplete_details.reason == "max_output_tokens"
    refused(400, "input", lambda: CLIENT.responses.create(model=MODEL))


@check
def a_forced_tool_is_used():
    function = {"name": "file_ticket", "description": "Files a ticket", "parameters": STRICT, "strict": True}
    choice = {"type": "function", "function": {"name": "file_ticket"}}
    answer = CLIENT.chat.completions.create(
        **body("Where is my parcel?", tools=[{"type": "function", "function": function}], tool_choice=choice))
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "file_ticket"
    assert json.loads(call.function.arguments)["label"] in ("refund", "delivery", "other")


@check
def models_are_listed():
    assert MODEL in [model.id for model in CLIENT.models.list()]
    assert CLIENT.models.retrieve(MODEL).owned_by == "system"
    refused(404, "does not exist", lambda: CLIENT.models.retrieve("gpt-nonesuch"))


@check
def keys_are_asked_for():
    status, text = status_and_body(urllib.request.Request(BASE + "/batches"))
    assert status == 401 and json.loads(text)["error"]["type"] == "invalid_request_error"
    headers = {"authorization": "Bearer k", "content-type": "application/json"}
    broken = urllib.request.Request(BASE + "/batches", data=b"{", method="POST", headers=headers)
    assert status_and_body(broken)[0] == 400
    assert status_and_body(urllib.request.Request(BASE + "/nothing", headers=headers))[0] == 404


run("openai", openai.__version__)
