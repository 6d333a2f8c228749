"""Times Leaven's languages beside their peers, on the same data, in one run; see scripts/bench-languages.

usage: bench_languages.py LEAVEN-BENCH FOLDER ROUNDS

Every side starts from bytes: lines in memory for JSON, templates and schemas, a file in the page cache for CSV. Rounds
alternate, so that a busy machine is busy for all; the median counts, and what is too slow for that runs once. Each side's
outcome (members, bytes, valid answers, rows) must be the same.
"""

import csv
import json
import statistics
import subprocess
import sys
import time

import fastjsonschema
import jinja2
import jsonschema
import minijinja
import orjson
import polars

bench, folder, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])


def lines(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read().splitlines()


def leaven(work, name, *options):
    def run():
        said = subprocess.run([bench, "file", work, f"{folder}/{name}", *options], check=True, capture_output=True)
        row = json.loads(said.stdout)
        return row["seconds"], row["outcome"]
    return run


def timed(body):
    def run():
        begun = time.perf_counter()
        outcome = body()
        return time.perf_counter() - begun, outcome
    return run


def race(title, sides, once=()):
    """Prints a row for each side: median seconds, and how many times Leaven's."""
    times = {name: [] for name in sides}
    outcomes = {}
    for number in range(rounds):
        for name, run in sides.items():
            if name in once and number > 0:
                continue
            seconds, outcome = run()
            times[name].append(seconds)
            outcomes[name] = outcome
    if len(set(outcomes.values())) != 1:
        sys.exit(f"{title}: the outcomes differ: {outcomes}")
    print(f"\n{title} ({next(iter(outcomes.values())):,})")
    base = statistics.median(times["leaven"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"  {name:<42}{median:9.3f} s {median / base:8.1f} x")


chunks, answers = lines("chunks.jsonl"), lines("answers.jsonl")

# ---- templates


def jinja(template):
    def run():
        return sum(len(template.render(**json.loads(line)).encode()) for line in chunks)
    return timed(run)


def minijinja_render(text, load):
    environment = minijinja.Environment(templates={"prompt": text}, keep_trailing_newline=False)

    def run():
        return sum(len(environment.render_template("prompt", **load(line)).encode()) for line in chunks)
    return timed(run)


for name, title in [("fields", "render, two fields"), ("filters", "render, filters, a test and a loop")]:
    with open(f"{folder}/{name}.jinja", encoding="utf-8") as file:
        text = file.read()
    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text)
    race(f"{title}, {len(chunks):,} records: bytes of text", {
        "leaven": leaven("render", "chunks.jsonl", "--template", f"{folder}/{name}.jinja"),
        f"jinja2 {jinja2.__version__} (json)": jinja(template),
        "minijinja (orjson)": minijinja_render(text, orjson.loads),
    })

# ---- schemas

with open(f"{folder}/answer.schema.json", encoding="utf-8") as file:
    schema = json.load(file)
reference = jsonschema.Draft202012Validator(schema)
fast = fastjsonschema.compile({**schema, "$schema": "http://json-schema.org/draft-07/schema#"})


def is_fast_valid(value):
    try:
        fast(value)
        return True
    except fastjsonschema.JsonSchemaValueException:
        return False


race(f"validate, {len(answers):,} answers from bytes to verdict: valid", {
    "leaven": leaven("validate", "answers.jsonl", "--schema", f"{folder}/answer.schema.json"),
    "fastjsonschema (json)": timed(lambda: sum(is_fast_valid(json.loads(line)) for line in answers)),
    "fastjsonschema (orjson)": timed(lambda: sum(is_fast_valid(orjson.loads(line)) for line in answers)),
    "jsonschema (json), once": timed(lambda: sum(reference.is_valid(json.loads(line)) for line in answers)),
}, once=["jsonschema (json), once"])

# ---- JSON and CSV

for title, name, data in [("records", "chunks.jsonl", chunks), ("answers", "answers.jsonl", answers)]:
    race(f"parse JSON, {len(data):,} {title}: members", {
        "leaven": leaven("parse-json", name),
        "json": timed(lambda: sum(len(json.loads(line)) for line in data)),
        "orjson": timed(lambda: sum(len(orjson.loads(line)) for line in data)),
        "polars (whole file)": timed(lambda: (lambda f: f.height * f.width)(polars.read_ndjson(f"{folder}/{name}"))),
    })


def csv_rows():
    with open(f"{folder}/chunks.csv", encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


race("read CSV: rows", {
    "leaven": leaven("parse-csv", "chunks.csv"),
    "csv": timed(csv_rows),
    "polars": timed(lambda: polars.read_csv(f"{folder}/chunks.csv", infer_schema=False).height),
})
