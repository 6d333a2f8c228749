"""What the conformance checks of all SDKs share: the list of checks, how they are run, and the schema they ask for."""

import sys
import time
import urllib.error
import urllib.request

# Where the sandbox is, without a slash at its end.
ROOT = sys.argv[1].rstrip("/")
CHECKS = []

LABELS = {
    "type": "object",
    "properties": {
        "label": {"type": "string", "enum": ["refund", "delivery", "other"]},
        "summary": {"type": "string"},
        "questions": {"type": "array", "items": {"type": "string"}},
        "urgency": {"type": "integer"},
        "confidence": {"type": "number"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["label", "summary", "questions", "urgency", "confidence"],
    "additionalProperties": False,
}


def check(function):
    CHECKS.append(function)
    return function


def until(done, ask, seconds=30):
    """What `ask()` gives once `done` of it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if done(answer):
            return answer
        assert time.monotonic() < deadline, f"it does not end: {answer}"
        time.sleep(0.1)


def status_and_body(request):
    """The status and the body of an answer, also when it says no."""
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def run(name, version):
    """Runs all checks and ends the program."""
    passed = failed = 0
    for function in CHECKS:
        try:
            function()
            passed += 1
        except Exception as error:  # each failure is reported, the others still run
            failed += 1
            print(f"FAILED {function.__name__}: {type(error).__name__}: {error}")
    print(f"{name} {version}: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
