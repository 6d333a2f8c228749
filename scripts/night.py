"""A night of a small pipeline: a folder of its own, a sandbox as a process of its own, runs of the built program, and the
account of what was billed, delivered and lost. scripts/recovery, scripts/kill-test and scripts/soak are made of it.

Nothing here shares code with the program: billing is what the sandbox's meter says, and an answer is right when it is
one that the sandbox gave to a request with that record's own text.
"""

import collections
import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from endpoints import ANTHROPIC

SCHEMA = {
    "type": "object",
    "properties": {"label": {"enum": ["a", "b", "c"]}, "summary": {"type": "string"}},
    "required": ["label", "summary"],
    "additionalProperties": False,
}
LABEL = """\
name: night
stages:
  label:
    extract: {{csv: tickets.csv, key: id}}
    transform:
      system: {system}
      prompt: "<message>{{{{ text }}}}</message>"
    load:
      provider: {provider}
      model: {model}
      max_tokens: 200
      schema: answer.schema.json
      shard: {{max_requests: {shard}}}
      {load}
    merge:
      csv: out/labelled.csv
      set: {{label: output.label, summary: output.summary}}
"""
# A second stage that asks about what the first one answered.
REPLY = """\
  reply:
    extract: {{stage: label, where: output.label != "c"}}
    transform:
      system: Answer messages.
      prompt: "<message>{{{{ text }}}}</message>\\nIt is about {{{{ output.label }}}}."
    load:
      provider: {provider}
      model: {model}
      max_tokens: 200
      schema: answer.schema.json
      shard: {{max_requests: {shard}}}
      {load}
    merge:
      csv: out/replies.csv
      set: {{reply: output.summary}}
"""
# How the records are asked about, and what that needs to be said under `load`. A concurrent night has so many calls in
# flight at most; those are what a kill may lose.
CALLS = 8
FORMS = {
    "batch": "",
    "canary": "canary: {records: 10, accepted: 50%, truncated: 50%}",
    "chain": "",
    "concurrent": f"mode: concurrent\n      in_flight: {CALLS}",
}


def ticket(number, word="lost"):
    """The text of a record; no other record's text contains it."""
    return f"Ticket {number} of the night says that card {number * 7919} is {word}."


class Command:
    """How a command ended."""

    def __init__(self, process, err):
        self.status = process.returncode
        self.err = err

    @property
    def was_killed(self):
        return self.status == -signal.SIGKILL


class Night:
    """A pipeline of `count` records against a sandbox in which `faults` happen. Use it with `with`."""

    def __init__(self, leaven, faults=None, count=100, shard=50, load="", endpoint=ANTHROPIC, form="batch"):
        self.leaven = str(pathlib.Path(leaven).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leaven-night-"))
        self.state = self.folder / "state"
        self.records = {f"t{number}": ticket(number) for number in range(1, count + 1)}
        self.system = "Sort messages."
        self.shard = shard
        self.form = form
        self.load = "\n      ".join(line for line in (load, FORMS[form]) if line)
        self.endpoint = endpoint
        self.statuses = []
        # What the program is started under, for instance strace and its options.
        self.wrapper = []
        self.server = None
        (self.folder / "out").mkdir()
        (self.folder / "answer.schema.json").write_text(json.dumps(SCHEMA))
        self.write()
        self.serve(faults or {})
        self.begun = self.now()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop_serving()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self):
        """Writes the source and the pipeline file as they are to be now."""
        with open(self.folder / "tickets.csv", "w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["id", "text"])
            rows.writerows(self.records.items())
        text = LABEL + REPLY if self.form == "chain" else LABEL
        (self.folder / "night.yaml").write_text(
            text.format(
                system=self.system,
                shard=self.shard,
                load=self.load,
                provider=self.endpoint.provider,
                model=self.endpoint.model,
            )
        )

    # The sandbox

    def serve(self, faults):
        """Starts the sandbox, or starts it again on the same state with other faults."""
        self.stop_serving()
        (self.folder / "faults.json").write_text(json.dumps(faults))
        with open(self.folder / "sandbox.err", "ab") as errors:
            self.server = subprocess.Popen(
                [self.leaven, "sandbox", "--port", "0", "--virtual", "--dir", "sandbox"]
                + ["--faults", "faults.json"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        # The addresses are lines, written when it listens; the first is Anthropic's.
        address = self.server.stdout.readline().decode().strip()
        if not address:
            raise RuntimeError((self.folder / "sandbox.err").read_text())
        self.origin = address.removesuffix("/anthropic")
        self.base_url = self.origin + self.endpoint.path

    def stop_serving(self):
        if self.server:
            self.server.kill()
            self.server.wait()
            self.server.stdout.close()
            self.server = None

    def ask(self, path, body=None):
        """The answer to a call, as bytes; a POST when there is a body."""
        headers = self.endpoint.headers | {"content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def now(self):
        """The sandbox's time in UTC milliseconds."""
        return json.loads(self.ask("/sandbox/clock"))["now_ms"]

    def advance(self, minutes):
        self.ask("/sandbox/clock", {"advance_to_ms": self.now() + int(minutes * 60_000)})

    def meter(self):
        return json.loads(self.ask("/sandbox/meter?rows=false"))

    def journal(self):
        return [json.loads(line) for line in self.ask("/sandbox/journal").splitlines()]

    def calls(self, route):
        return [call for call in self.journal() if call["route"] == route]

    def batches(self):
        """The paths of the provider's batches, newest first."""
        return self.endpoint.batches(json.loads(self.ask(self.endpoint.path + self.endpoint.list)))

    def cancel_as_somebody_else(self, batch):
        self.ask(self.endpoint.path + batch + self.endpoint.cancel, {})

    # The program

    def start(self, *arguments, environment=None, **options):
        """Starts `leaven` and does not wait for it."""
        variables = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
        variables |= self.endpoint.variables | {"NO_COLOR": "1"} | (environment or {})
        return subprocess.Popen(
            [*self.wrapper, self.leaven, *arguments],
            cwd=self.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **options,
        )

    def command(self, *arguments, environment=None, **options):
        """Runs `leaven` to its end; one that hangs is an error."""
        process = self.start(*arguments, environment=environment, **options)
        try:
            err = process.communicate(timeout=300)[1].decode()
        except subprocess.TimeoutExpired:
            process.kill()
            raise RuntimeError(f"leaven {' '.join(arguments)} hangs: {process.communicate()[1]}")
        return Command(process, err)

    def run(self, *arguments, **options):
        """`leaven run`, whose exit status counts for the account."""
        ending = self.command("run", *self.place(), *arguments, "night.yaml", **options)
        self.statuses.append(ending.status)
        return ending

    def place(self):
        return "--base-url", self.base_url, "--state", str(self.state)

    def killed_when(self, met):
        """`leaven run`, killed as soon as `met()`; waits for that at most a minute."""
        process = self.start("run", *self.place(), "night.yaml")
        deadline = time.monotonic() + 60
        while not met() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.kill()
        err = process.communicate()[1].decode()
        ending = Command(process, err)
        if not ending.was_killed:
            raise RuntimeError(f"the run ended before it was to be killed: {err}")
        self.statuses.append("kill")
        return ending

    # The account

    @property
    def output(self):
        return self.folder / "out" / "labelled.sandbox.csv"

    @property
    def replies(self):
        return self.folder / "out" / "replies.sandbox.csv"

    def outputs(self):
        """All that was written, as bytes."""
        return b"".join(path.read_bytes() for path in (self.output, self.replies) if path.exists())

    def rows(self, path=None):
        path = path or self.output
        if not path.exists():
            return []
        with open(path, newline="") as file:
            return list(csv.DictReader(file))

    def wanted(self):
        """What each stage is to ask, in the end: its output, and by record the system text and the prompt."""
        label = {key: (self.system, f"<message>{text}</message>") for key, text in self.records.items()}
        stages = {"label": (self.output, label)}
        if self.form == "chain":
            labels = {row["id"]: row["label"] for row in self.rows()}
            stages["reply"] = self.replies, {
                key: ("Answer messages.", f"<message>{self.records[key]}</message>\nIt is about {word}.")
                for key, word in labels.items()
                if key in self.records and word not in ("", "c")
            }
        return stages

    def answers(self):
        """What the sandbox's batches answered to each system text and prompt: reason to stop and JSON."""
        given = collections.defaultdict(list)
        for path in (self.folder / "sandbox" / "batches").glob("*.requests.jsonl"):
            asked = dict(map(self.endpoint.asked, map(json.loads, path.read_bytes().splitlines())))
            results = path.with_name(path.name.replace(".requests.", ".results."))
            for line in results.read_bytes().splitlines() if results.exists() else []:
                answered = self.endpoint.answered(json.loads(line))
                if answered:
                    key, reason, words = answered
                    given[asked[key]].append((reason, parsed(words)))
        return given

    def billed(self):
        meter = self.meter()
        return meter["rows_billed"] + meter["messages_billed"]

    def account(self):
        """What came of the night so far, over all stages."""
        answers, rejected = self.answers(), self.rejected()
        delivered = wrong = lost = 0
        for stage, (path, wanted) in self.wanted().items():
            seen = set()
            for row in self.rows(path):
                told = row["label"] or row["summary"] if stage == "label" else row["reply"]
                if not told:
                    continue
                key = row["id"]
                if key in wanted and key not in seen and self.is_own(row, answers[wanted[key]]):
                    delivered += 1
                else:
                    wrong += 1
                seen.add(key)
            lost += sum(1 for key in wanted if key not in seen and (stage, key) not in rejected)
        return {
            "billed": self.billed(),
            "delivered": delivered,
            "lost": lost,
            "wrong key": wrong,
            "exit status": " ".join(str(status) for status in self.statuses),
            "minutes": round((self.now() - self.begun) / 60_000),
        }

    def is_own(self, row, given):
        """Whether a row has an answer to its own text. What was asked one by one is not stored; it says the text again."""
        if self.records.get(row["id"]) != row["text"]:
            return False
        if "reply" in row:
            return any(isinstance(answer, dict) and answer["summary"] == row["reply"] for _, answer in given)
        if self.form == "concurrent":
            return row["label"] in ("a", "b", "c") and row["summary"] == row["text"]
        return any(answer == {"label": row["label"], "summary": row["summary"]} for _, answer in given)

    def status(self):
        """What `leaven status --json` says; empty before the first run."""
        process = subprocess.run(
            [self.leaven, "status", "--sandbox", "--json", "--state", self.state, "night.yaml"],
            cwd=self.folder,
            capture_output=True,
        )
        return json.loads(process.stdout or b"{}")

    def rejected(self):
        """What the program names as failed: stage and key."""
        process = subprocess.run(
            [self.leaven, "failures", "--sandbox", "--jsonl", "--state", self.state, "night.yaml"],
            cwd=self.folder,
            capture_output=True,
        )
        failures = map(json.loads, process.stdout.splitlines())
        return {(failure["stage"], failure["key"]) for failure in failures}


def points_library(folder):
    """Compiles scripts/points.c, to be preloaded; ends the script where that is not possible."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler or not sys.platform.startswith("linux"):
        sys.exit("this needs Linux and a C compiler")
    library = pathlib.Path(folder) / "points.so"
    source = pathlib.Path(__file__).with_name("points.c")
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def parsed(text):
    """An answer's JSON; None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None
