"""What the official Anthropic SDK must see of a sandbox. Run by scripts/sdk-conformance."""

import json
import re
import time
import urllib.request
from datetime import timedelta

import anthropic
from anthropic import Anthropic

from sdk_checks import LABELS, ROOT, check, run

BASE = ROOT + "/anthropic"
MODEL = "claude-haiku-4-5"
CLIENT = Anthropic(api_key="sk-conformance", base_url=BASE, max_retries=0)


def params(text, **more):
    return {
        "model": MODEL,
        "max_tokens": 300,
        "messages": [{"role": "user", "content": text}],
        **more,
    }


def structured(schema):
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def requests(*rows):
    return [{"custom_id": key, "params": body} for key, body in rows]


def create(*rows):
    return CLIENT.messages.batches.create(requests=requests(*rows))


def ended(batch_id):
    deadline = time.monotonic() + 30
    while True:
        batch = CLIENT.messages.batches.retrieve(batch_id)
        if batch.processing_status == "ended":
            return batch
        assert time.monotonic() < deadline, "the batch does not end"
        time.sleep(0.1)


def outcome(*rows):
    batch = create(*rows)
    ended(batch.id)
    return {row.custom_id: row.result for row in CLIENT.messages.batches.results(batch.id)}


def refused(status, words, call):
    try:
        call()
    except anthropic.APIStatusError as error:
        assert error.status_code == status, (error.status_code, error.body)
        assert error.body["type"] == "error", error.body
        assert error.body["request_id"] == error.response.headers["request-id"]
        assert re.search(words, error.body["error"]["message"]), error.body
        return error
    raise AssertionError(f"no {status}")


@check
def create_answers_with_a_whole_batch():
    response = CLIENT.messages.batches.with_raw_response.create(requests=requests(("a", params("Hello"))))
    body = json.loads(response.http_response.text)
    assert set(body) == {
        "id", "type", "processing_status", "request_counts", "ended_at", "created_at", "expires_at",
        "archived_at", "cancel_initiated_at", "results_url",
    }, set(body)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", body["created_at"])
    assert response.headers["leaven-sandbox"] == "1" and response.headers["date"]
    batch = response.parse()
    assert batch.id.startswith("msgbatch_") and batch.processing_status == "in_progress"
    assert batch.request_counts.processing == 1 and batch.request_counts.succeeded == 0
    assert batch.expires_at - batch.created_at == timedelta(hours=24)
    assert batch.results_url is None and batch.ended_at is None


@check
def retrieve_says_when_to_look_again():
    batch = create(("a", params("Hello")))
    running = CLIENT.messages.batches.with_raw_response.retrieve(batch.id)
    assert running.headers["retry-after"] == "10"
    done = ended(batch.id)
    assert done.request_counts.processing == 0 and done.request_counts.succeeded == 1
    assert done.results_url == f"{BASE}/v1/messages/batches/{batch.id}/results"
    again = CLIENT.messages.batches.with_raw_response.retrieve(batch.id)
    assert "retry-after" not in again.headers


@check
def results_have_a_row_for_each_request():
    rows = [(f"row-{i}", params(f"<message>Parcel number {i} has not come.</message>")) for i in range(50)]
    batch = create(*rows)
    ended(batch.id)
    found = list(CLIENT.messages.batches.results(batch.id))
    assert sorted(row.custom_id for row in found) == sorted(key for key, _ in rows)
    assert [row.custom_id for row in found] != [key for key, _ in rows], "rows come in any order"
    for row in found:
        message = row.result.message
        number = row.custom_id.split("-")[1]
        assert f"number {number} has" in message.content[0].text
        assert message.role == "assistant" and message.stop_reason == "end_turn"
        assert message.usage.service_tier == "batch" and message.usage.input_tokens > 0
    again = [row.custom_id for row in CLIENT.messages.batches.results(batch.id)]
    assert again == [row.custom_id for row in found], "results can be fetched again"


@check
def results_before_the_end_raise():
    batch = create(("a", params("Hello")))
    try:
        list(CLIENT.messages.batches.results(batch.id))
    except anthropic.AnthropicError:
        return
    raise AssertionError("no error")


@check
def structured_answers_fit_the_schema():
    schema_rows = [(f"s{i}", params(f"<m>Message {i}: where is my refund?</m>", **structured(LABELS))) for i in range(20)]
    for key, result in outcome(*schema_rows).items():
        answer = json.loads(result.message.content[0].text)
        assert list(answer)[:5] == LABELS["required"], answer
        assert answer["label"] in ("refund", "delivery", "other")
        assert 0 < len(answer["summary"]) < 200 and f"Message {key[1:]}:" in answer["summary"]
        assert 1 <= len(answer["questions"]) <= 3 and all(answer["questions"])
        assert isinstance(answer["urgency"], int) and 1 <= answer["urgency"] <= 5
        assert 0 <= answer["confidence"] <= 1


@check
def rows_fail_one_by_one():
    loose = {"type": "object", "properties": {"a": {"type": "string"}}}
    tight = {**LABELS, "properties": {"a": {"type": "integer", "minimum": 3}}, "required": ["a"]}
    found = outcome(
        ("good", params("Hello")),
        ("model", params("Hello", model="claude-nonesuch")),
        ("tokens", params("Hello", max_tokens=10_000_000)),
        ("none", {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}),
        ("empty", params("")),
        ("extra", params("Hello", flavour="sweet")),
        ("loose", params("Hello", **structured(loose))),
        ("tight", params("Hello", **structured(tight))),
        ("streamed", params("Hello", stream=True)),
        ("cut", params("Tell me everything about the railways of Europe", max_tokens=3)),
    )
    assert found["good"].type == "succeeded"
    assert found["cut"].message.stop_reason == "max_tokens"
    assert found["cut"].message.usage.output_tokens == 3
    for key in ("model", "tokens", "none", "empty", "extra", "loose", "tight", "streamed"):
        assert found[key].type == "errored", key
        assert found[key].error.type == "error", key
        assert found[key].error.error.type == "invalid_request_error", key
        assert found[key].error.error.message, key
    assert "additionalProperties" in found["loose"].error.error.message
    assert "minimum" in found["tight"].error.error.message


@check
def the_envelope_is_checked_at_once():
    body = params("Hello")
    refused(400, r"^requests\.0\.custom_id: String should have at most 64", lambda: create(("x" * 65, body)))
    refused(400, r"^requests\.1\.custom_id: String should match pattern", lambda: create(("a", body), ("a b", body)))
    refused(400, "duplicate", lambda: create(("a", body), ("a", body)))
    refused(400, "at least 1 item", lambda: create())
    missing = [{"custom_id": "a"}]
    refused(400, r"requests\.0\.params: Field required", lambda: CLIENT.messages.batches.create(requests=missing))


@check
def identical_creates_make_two_batches():
    first, second = create(("a", params("Hello"))), create(("a", params("Hello")))
    assert first.id != second.id


@check
def lists_page_through_everything():
    made = [create(("a", params("Hello"))).id for _ in range(5)]
    page = CLIENT.messages.batches.list(limit=2)
    assert [batch.id for batch in page.data] == [made[4], made[3]] and page.has_more
    assert page.first_id == made[4] and page.last_id == made[3]
    following = page.get_next_page()
    assert [batch.id for batch in following.data] == [made[2], made[1]]
    back = CLIENT.messages.batches.list(limit=2, before_id=made[2])
    assert [batch.id for batch in back.data] == [made[4], made[3]] and not back.has_more
    everything = [batch.id for batch in CLIENT.messages.batches.list(limit=3)]
    assert everything[:5] == made[::-1] and len(everything) == len(set(everything))
    assert len(CLIENT.messages.batches.list().data) <= 20
    refused(400, "limit", lambda: CLIENT.messages.batches.list(limit=1001))


@check
def cancel_keeps_what_is_done():
    batch = create(*[(f"c{i}", params(f"Hello {i}")) for i in range(40)])
    canceled = CLIENT.messages.batches.cancel(batch.id)
    assert canceled.processing_status == "canceling" and canceled.cancel_initiated_at
    assert canceled.request_counts.processing == 40
    done = ended(batch.id)
    counts = done.request_counts
    assert counts.canceled > 0 and counts.canceled + counts.succeeded == 40
    kinds = [row.result.type for row in CLIENT.messages.batches.results(batch.id)]
    assert kinds.count("canceled") == counts.canceled
    assert CLIENT.messages.batches.cancel(batch.id).processing_status == "ended"


@check
def delete_only_after_the_end():
    batch = create(("a", params("Hello")))
    refused(400, "cancel", lambda: CLIENT.messages.batches.delete(batch.id))
    ended(batch.id)
    gone = CLIENT.messages.batches.delete(batch.id)
    assert gone.id == batch.id and gone.type == "message_batch_deleted"
    refused(404, "not found", lambda: CLIENT.messages.batches.retrieve(batch.id))
    assert batch.id not in [each.id for each in CLIENT.messages.batches.list(limit=1000).data]


@check
def what_is_not_there_is_not_found():
    error = refused(404, "", lambda: CLIENT.messages.batches.retrieve("msgbatch_nonesuch"))
    assert isinstance(error, anthropic.NotFoundError)
    refused(404, "", lambda: CLIENT.get("/v1/nonesuch", cast_to=object))


@check
def keys_and_versions_are_asked_for():
    keyless = urllib.request.Request(BASE + "/v1/messages/batches", headers={"anthropic-version": "2023-06-01"})
    assert status_of(keyless) == (401, "authentication_error")
    versionless = urllib.request.Request(BASE + "/v1/messages/batches", headers={"x-api-key": "k"})
    assert status_of(versionless) == (400, "invalid_request_error")
    broken = urllib.request.Request(
        BASE + "/v1/messages/batches", data=b"{\"requests\": [", method="POST",
        headers={"x-api-key": "k", "anthropic-version": "2023-06-01", "content-type": "application/json"})
    assert status_of(broken) == (400, "invalid_request_error")
    bearer = urllib.request.Request(
        BASE + "/v1/messages/batches?limit=1",
        headers={"authorization": "Bearer k", "anthropic-version": "2026-10-21"})
    assert urllib.request.urlopen(bearer).status == 200


def status_of(request):
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["error"]["type"]
    return None


@check
def messages_answer_at_once():
    message = CLIENT.messages.create(**params("Say something about larch trees."))
    assert message.type == "message" and "larch" in message.content[0].text
    assert message.usage.service_tier == "standard" and message.stop_reason == "end_turn"
    shaped = CLIENT.messages.create(**params("Where is my parcel?"), extra_body=structured(LABELS))
    assert json.loads(shaped.content[0].text)["label"] in ("refund", "delivery", "other")
    refused(404, "nonesuch", lambda: CLIENT.messages.create(**params("Hello", model="claude-nonesuch")))
    refused(400, "max_tokens", lambda: CLIENT.messages.create(
        model=MODEL, max_tokens=0, messages=[{"role": "user", "content": "Hello"}]))


@check
def messages_stream():
    with CLIENT.messages.stream(**params("Say something about larch trees.")) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert "larch" in text and final.content[0].text == text
    assert final.stop_reason == "end_turn" and final.usage.output_tokens > 0


@check
def a_forced_tool_is_used():
    tool = {"name": "file_ticket", "description": "Files a ticket", "input_schema": LABELS}
    choice = {"type": "tool", "name": "file_ticket"}
    message = CLIENT.messages.create(**params("Where is my parcel?", tools=[tool], tool_choice=choice))
    assert message.stop_reason == "tool_use" and message.content[0].type == "tool_use"
    assert message.content[0].input["label"] in ("refund", "delivery", "other")


@check
def tokens_are_counted():
    short = CLIENT.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "Hello"}])
    long = CLIENT.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "Hello " * 400}])
    assert 0 < short.input_tokens < 20 and 500 < long.input_tokens < 700


@check
def models_are_listed():
    models = list(CLIENT.models.list(limit=5))
    assert MODEL in [model.id for model in models]
    assert CLIENT.models.retrieve(MODEL).id == MODEL
    refused(404, "", lambda: CLIENT.models.retrieve("claude-nonesuch"))


run("anthropic", anthropic.__version__)
