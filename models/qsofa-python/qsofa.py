"""qSOFA, the quick score of organ failure in suspected infection, in Python's standard library alone.

The formula is that of models/qsofa (Seymour and others, JAMA 2016; 315:762-774): a point each for
fast breathing, low pressure and a mind that is not alert. Inputs and units: docs/sample-models.md.
"""

import json
import sys

REFUSED = 65
LEVELS = ("alert", "confusion", "voice", "pain", "unresponsive")


class Refusal(Exception):
    """Why the request is not answered, in a word and the name of an input; never its value."""


def number(inputs, name, unit, low, high):
    given = inputs.get(name)
    if not isinstance(given, dict):
        raise Refusal(f"missing: {name}")
    value = given.get("value")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(f"not-a-number: {name}")
    if given.get("unit", unit) != unit:
        raise Refusal(f"unit: {name}")
    if not low <= value <= high:
        raise Refusal(f"out-of-range: {name}")
    return value


def word(inputs, name, words):
    given = inputs.get(name)
    if not isinstance(given, dict):
        raise Refusal(f"missing: {name}")
    if given.get("value") not in words:
        raise Refusal(f"unknown-word: {name}")
    return given["value"]


def answer(inputs):
    respiration = number(inputs, "respiration", "/min", 0, 100)
    systolic = number(inputs, "systolic", "mm[Hg]", 20, 350)
    consciousness = word(inputs, "consciousness", LEVELS)
    points = {
        "respiration": int(respiration >= 22),
        "systolic": int(systolic <= 100),
        "consciousness": int(consciousness != "alert"),
    }
    score = sum(points.values())
    return {
        "outcome": "positive" if score >= 2 else "negative",
        "score": score,
        "rationale": (
            f"qSOFA {score} (positive from 2 on): respiration {respiration:.7g} /min gives "
            f"{points['respiration']} (from 22), systolic {systolic:.7g} mm[Hg] gives "
            f"{points['systolic']} (up to 100), consciousness ({consciousness}) gives "
            f"{points['consciousness']} (unless alert)."
        ),
        "details": {"points": points},
    }


def inputs_of(line):
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise Refusal("malformed: request") from None
    if not isinstance(request, dict) or request.get("protocol") != "clinisandbox/1":
        raise Refusal("malformed: request")
    inputs = request.get("inputs")
    if not isinstance(inputs, dict):
        raise Refusal("malformed: request")
    return inputs


def main():
    print('{"ready":true}', flush=True)
    try:
        print(json.dumps(answer(inputs_of(sys.stdin.buffer.readline()))), flush=True)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
