"""The learned model as a program that reads one line and writes one: protocol json-lines."""

import json
import sys

from progression import INPUTS, load, score

REFUSED = 65

# A third of the data's patients lie below, between and above.
LOW, HIGH = 100, 184


class Refusal(Exception):
    """Why the request is not answered, in a word and the name of an input; never its value."""


def number(inputs, name):
    unit, low, high, _, _ = INPUTS[name]
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


def answer(model, inputs):
    values = {name: number(inputs, name) for name in INPUTS}
    unknown = [
        name for name, (_, _, _, low, high) in INPUTS.items() if not low <= values[name] <= high
    ]
    points = score(model, values)
    outcome = "low" if points < LOW else "medium" if points < HIGH else "high"
    told = ", ".join(f"{name} {value:.7g} {INPUTS[name][0]}" for name, value in values.items())
    rationale = f"Progression within a year: {points} (medium from {LOW}, high from {HIGH}); from {told}"
    if unknown:
        rationale += ". The model learned from no such value of: " + ", ".join(unknown)
    return {
        "outcome": outcome,
        "score": points,
        "rationale": rationale + ".",
        "details": {"outside_of_training": unknown},
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
    model = load()
    print('{"ready":true}', flush=True)
    try:
        print(json.dumps(answer(model, inputs_of(sys.stdin.buffer.readline()))), flush=True)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
