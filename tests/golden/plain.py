"""A state as plain JSON: what a golden log is expected to come to, and what it comes to now."""

from collections.abc import Mapping
from enum import Enum

import attrs
from rpds import HashTrieMap


def plain(value):
    """Return a value of a state as JSON; what carries a name is kept by name, in an order of its own."""
    if isinstance(value, Enum):
        return str(value.value)
    if attrs.has(type(value)):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value)) if field.repr}
    if isinstance(value, Mapping | HashTrieMap):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, frozenset | set):
        return sorted((plain(each) for each in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def differences(expected, found, where="state"):
    """Yield where what is found is not what was expected; what came into the world since is no difference."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name not in found:
                yield f"{where}.{name} is gone"
            else:
                yield from differences(value, found[name], f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif expected != found:
        yield f"{where} was {expected!r:.80}, and is {found!r:.80}"
