"""What the official google-genai SDK must see of a sandbox. Run by scripts/sdk-conformance."""

import io
import json
import re
import time
import urllib.request

from google import genai
from google.genai import errors, types, version

from sdk_checks import LABELS, ROOT, check, run, status_and_body, until

BASE = ROOT + "/gemini"
MODEL = "gemini-3.5-flash-lite"
CLIENT = genai.Client(api_key="sk-conformance", http_options=types.HttpOptions(base_url=BASE))
ENDED = {"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"}
SHAPED = {"responseMimeType": "application/json", "responseJsonSchema": LABELS}


def contents(text):
    return [{"role": "user", "parts": [{"text": text}]}]


def line(key, text, **config):
    request = {"contents": contents(text)}
    if config:
        request["generationConfig"] = config
    return json.dumps({"key": key, "request": request})


def upload(lines, name="in"):
    content = io.BytesIO(("\n".join(lines) + "\n").encode())
    config = types.UploadFileConfig(display_name=name, mime_type="jsonl")
    return CLIENT.files.upload(file=content, config=config)


def create(source, **more):
    return CLIENT.batches.create(model=MODEL, src=source, **more)


def ended(job):
    return until(lambda it: it.state.name in ENDED, lambda: CLIENT.batches.get(name=job.name))


def rows(job):
    content = CLIENT.files.download(file=job.dest.file_name)
    return {row["key"]: row for row in map(json.loads, content.decode().splitlines())}


def text(response):
    return response["candidates"][0]["content"]["parts"][0]["text"]


def refused(code, words, call):
    try:
        call()
    except errors.APIError as error:
        assert error.code == code, (error.code, error.message)
        assert re.search(words, error.message), error.message
        return error
    raise AssertionError(f"no {code}")


@check
def files_are_uploaded_in_chunks():
    lines = [line(f"r{number}", "word " * 2000) for number in range(1000)]
    file = upload(lines, name="größe")
    assert file.name.startswith("files/") and file.state.name == "ACTIVE" and file.display_name == "größe"
    assert file.size_bytes == len("\n".join(lines)) + 1 > 8 << 20, "more than one chunk"
    assert (file.expiration_time - file.create_time).total_seconds() == 48 * 3600
    assert CLIENT.files.get(name=file.name).uri == file.uri
    assert file.name in [each.name for each in CLIENT.files.list()]
    refused(400, "generated", lambda: CLIENT.files.download(file=file.name))
    CLIENT.files.delete(name=file.name)
    refused(403, "may not exist", lambda: CLIENT.files.get(name=file.name))


@check
def a_file_of_requests_becomes_a_file_of_answers():
    file = upload([line(f"k{number}", f"<m>Parcel {number} has not come.</m>", **SHAPED) for number in range(30)])
    job = create(file.name, config={"display_name": "night-1"})
    assert re.fullmatch(r"batches/[^/]+", job.name) and job.state.name == "JOB_STATE_PENDING"
    assert job.display_name == "night-1" and job.model == f"models/{MODEL}"
    done = ended(job)
    assert done.state.name == "JOB_STATE_SUCCEEDED" and done.dest.file_name.startswith("files/")
    found = rows(done)
    assert sorted(found) == sorted(f"k{number}" for number in range(30))
    for key, row in found.items():
        answer = json.loads(text(row["response"]))
        assert f"Parcel {key[1:]} has" in answer["summary"] and answer["label"] in ("refund", "delivery", "other")
        assert row["response"]["usageMetadata"]["thoughtsTokenCount"] > 0
        types.GenerateContentResponse.model_validate(row["response"])


@check
def inline_requests_have_inline_answers():
    job = create(
        [
            types.InlinedRequest(contents=contents(f"Say {number}"), metadata={"key": f"k{number}"})
            for number in range(5)
        ],
        config={"display_name": "inline"},
    )
    done = ended(job)
    answers = done.dest.inlined_responses
    assert sorted(answer.metadata["key"] for answer in answers) == [f"k{number}" for number in range(5)]
    for answer in answers:
        assert f"Say {answer.metadata['key'][1:]}" in answer.response.text
        assert answer.response.candidates[0].finish_reason.name == "STOP"


@check
def states_are_seen_in_their_order():
    file = upload([line("a", "Hello")])
    job, seen = create(file.name), []
    while not seen or seen[-1] not in ENDED:
        state = CLIENT.batches.get(name=job.name).state.name
        if not seen or seen[-1] != state:
            seen.append(state)
        time.sleep(0.01)
    wanted = ["JOB_STATE_PENDING", "JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED"]
    assert seen in (wanted, wanted[1:]), seen


@check
def operations_are_as_over_the_wire():
    job = ended(create(upload([line("a", "Hello"), line("b", "Hello", maxOutputTokens=10_000_000)]).name))
    headers = {"x-goog-api-key": "k"}
    for version_name in ("v1", "v1beta"):
        request = urllib.request.Request(f"{BASE}/{version_name}/{job.name}", headers=headers)
        wire = json.loads(status_and_body(request)[1])
        assert wire["done"] is True and wire["name"] == wire["metadata"]["name"] == job.name
        assert wire["metadata"]["state"] == "BATCH_STATE_SUCCEEDED"
        counts = {"requestCount": "2", "successfulRequestCount": "1", "failedRequestCount": "1"}
        assert wire["metadata"]["batchStats"] == counts
        file = wire["response"]["responsesFile"]
        assert file == wire["metadata"]["output"]["responsesFile"] == job.dest.file_name
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", wire["metadata"]["createTime"])
        other = urllib.request.Request(f"{BASE}/download/{version_name}/{file}:download?alt=media", headers=headers)
        assert len(status_and_body(other)[1].splitlines()) == 2


@check
def rows_fail_one_by_one():
    both = {**SHAPED, "responseSchema": {"type": "OBJECT"}}
    flat = json.dumps({"key": "flat", "request": {"contents": contents("Hello"), "thinking_config": {}}})
    lines = [line("good", "Hello"), line("both", "Hello", **both), flat, json.dumps({"key": "none", "request": {}}),
             line("cut", "Tell me of all the railways", maxOutputTokens=3)]
    found = rows(ended(create(upload(lines).name)))
    assert len(found) == 5 and "error" not in found["good"]
    for key in ("both", "flat", "none"):
        assert found[key]["error"]["code"] == 3 and found[key]["error"]["message"], found[key]
    assert found["cut"]["response"]["candidates"][0]["finishReason"] == "MAX_TOKENS"


@check
def a_bad_file_fails_the_job():
    job = ended(create(upload([line("a", "Hello"), "{"]).name))
    assert job.state.name == "JOB_STATE_FAILED" and job.dest is None
    request = urllib.request.Request(f"{BASE}/v1/{job.name}", headers={"x-goog-api-key": "k"})
    wire = json.loads(status_and_body(request)[1])
    assert wire["error"]["code"] == 3 and "line 2" in wire["error"]["message"]
    refused(403, "may not exist", lambda: create("files/nonesuch"))


@check
def canceled_jobs_leave_nothing():
    job = create(upload([line(f"c{number}", "Hello") for number in range(50)]).name)
    CLIENT.batches.cancel(name=job.name)
    done = ended(job)
    assert done.state.name == "JOB_STATE_CANCELLED" and (done.dest is None or not done.dest.file_name)
    CLIENT.batches.cancel(name=job.name)


@check
def deleted_jobs_are_gone():
    job = ended(create(upload([line("a", "Hello")]).name))
    CLIENT.batches.delete(name=job.name)
    refused(404, "not found", lambda: CLIENT.batches.get(name=job.name))
    refused(404, "not found", lambda: CLIENT.batches.get(name="batches/nonesuch"))


@check
def lists_page_through_everything():
    file = upload([line("a", "Hello")]).name
    made = [create(file).name for _ in range(5)]
    pager = CLIENT.batches.list(config={"page_size": 2})
    assert [job.name for job in pager.page] == [made[4], made[3]]
    everything = [job.name for job in CLIENT.batches.list(config={"page_size": 3})]
    assert everything[:5] == made[::-1] and len(everything) == len(set(everything))


@check
def content_is_generated_at_once():
    answer = CLIENT.models.generate_content(model=MODEL, contents="Say something about larch trees.")
    assert "larch" in answer.text and answer.candidates[0].finish_reason.name == "STOP"
    usage = answer.usage_metadata
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count + usage.thoughts_token_count
    config = {"response_mime_type": "application/json", "response_json_schema": LABELS,
              "system_instruction": "Sort.", "max_output_tokens": 500}
    shaped = CLIENT.models.generate_content(model=MODEL, contents="Where is my parcel?", config=config)
    assert json.loads(shaped.text)["label"] in ("refund", "delivery", "other")
    schema = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}, "required": ["n"]}
    typed = CLIENT.models.generate_content(
        model=MODEL, contents="How many?", config={"response_mime_type": "application/json", "response_schema": schema})
    assert isinstance(json.loads(typed.text)["n"], int)
    refused(404, "not found", lambda: CLIENT.models.generate_content(model="gemini-nonesuch", contents="Hello"))
    empty = [{"role": "user", "parts": []}]
    refused(400, "contents", lambda: CLIENT.models.generate_content(model=MODEL, contents=empty))


@check
def tokens_are_counted():
    assert CLIENT.models.count_tokens(model=MODEL, contents="12345678").total_tokens == 2


@check
def models_are_listed():
    assert f"models/{MODEL}" in [model.name for model in CLIENT.models.list()]
    assert CLIENT.models.get(model=MODEL).input_token_limit == 1_048_576
    refused(404, "not found", lambda: CLIENT.models.get(model="gemini-nonesuch"))


@check
def keys_are_asked_for():
    status, answer = status_and_body(urllib.request.Request(BASE + "/v1/batches"))
    assert status == 403 and json.loads(answer)["error"]["status"] == "PERMISSION_DENIED"
    assert status_and_body(urllib.request.Request(BASE + "/v1/batches?key=k"))[0] == 200
    headers = {"x-goog-api-key": "k", "content-type": "application/json"}
    broken = urllib.request.Request(
        f"{BASE}/v1/models/{MODEL}:generateContent", data=b"{", method="POST", headers=headers)
    assert json.loads(status_and_body(broken)[1])["error"]["status"] == "INVALID_ARGUMENT"
    assert status_and_body(urllib.request.Request(BASE + "/v1/nothing", headers=headers))[0] == 404


run("google-genai", version.__version__)
