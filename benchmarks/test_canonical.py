"""The canonical form, against orjson alone, which checks neither keys nor numbers nor how something was written."""

from statistics import median
from timeit import timeit

import orjson
import pytest

from afwegen.log.canonical import decode, encode

VALUE = {
    "session": "s_2b7e151628aed2a6",
    "seq": 12,
    "type": "solution-scored/1",
    "happened_at": "2026-11-23T16:30:00.000Z",
    "recorded_at": "2026-11-23T16:30:00.000Z",
    "by": "p_" + "3f" * 16,
    "role": "participant",
    "channel": "live",
    "fields": {"round": "r1", "criterion": "overall", "scores": "c4" * 21, "comment": "c4" * 21},
}
ENTRY = encode(VALUE)
CALLS, TURNS = 1_000, 50


@pytest.mark.parametrize(
    ("ours", "floor"),
    [
        (lambda: encode(VALUE), lambda: orjson.dumps(VALUE, option=orjson.OPT_SORT_KEYS)),
        (lambda: decode(ENTRY), lambda: orjson.loads(ENTRY)),
    ],
    ids=["encode", "decode"],
)
def test_canonical(benchmark, ours, floor):
    """Ratio of the medians, the two taking turns; the time of one call beside it."""
    mine, plain = [], []

    def turn():
        plain.append(timeit(floor, number=CALLS))
        mine.append(timeit(ours, number=CALLS))

    benchmark.pedantic(turn, rounds=TURNS)
    ratio = median(mine) / median(plain)
    benchmark.extra_info |= {"ratio": round(ratio, 2), "microseconds": round(median(mine) / CALLS * 1e6, 2)}
    print(f"\n{len(ENTRY)} octets: {ratio:.2f} times orjson alone, {median(mine) / CALLS * 1e6:.2f} us")
