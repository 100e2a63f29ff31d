"""What differs between two values of one shape, as plain JSON, and the way back (pure).

A difference that is no object replaces the value. An object says how to change it: `{"=": v}`
replaces it by the object `v`; `{"~": {key: difference}, "-": [keys]}` changes and removes entries;
`{"<": n, "#": {index: difference}, "n": length, ">": [values]}` drops the first `n` items of a
list, changes some, cuts it to `length`, and appends. What is absent does not happen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

SHIFTS = 5
"""By how many items at most a list is looked at as moved on."""
LONG = 2000
"""Items from which on a list is not looked at for that."""

Plain = Any
"""What JSON can say: objects, lists, texts, numbers, true, false, null."""


class Unfit(ValueError):
    """A difference that does not belong to this value."""


def plain(value: object) -> Plain:
    """The value as JSON gives it back."""
    return msgspec.json.decode(msgspec.json.encode(value))


def whole(value: object) -> Plain:
    """A difference that sets the value, whatever was there."""
    made = plain(value)
    return {"=": made} if isinstance(made, dict) else made


def difference(before: object, after: object) -> Plain:
    """What turns `before` into `after`, which is not equal to it. Structs count as objects."""
    if isinstance(after, msgspec.Struct) and type(before) is type(after):
        names = after.__struct_fields__
        return _entries(
            {n: getattr(before, n) for n in names}, {n: getattr(after, n) for n in names}
        )
    if isinstance(after, Mapping) and isinstance(before, Mapping):
        return _entries(before, after)
    if isinstance(after, tuple) and isinstance(before, tuple) and before and after:
        return _items(before, after)
    return whole(after)


def _entries(before: Mapping[Any, object], after: Mapping[Any, object]) -> Plain:
    changed = {
        str(key): difference(before[key], value) if key in before else whole(value)
        for key, value in after.items()
        if key not in before or (before[key] is not value and before[key] != value)
    }
    gone = [str(key) for key in before if key not in after]
    return {"~": changed, "-": gone} if gone else {"~": changed}


def _items(before: Sequence[object], after: Sequence[object]) -> Plain:
    shift = _shift(before, after)
    kept = min(len(before) - shift, len(after))
    changed = {
        str(index): difference(before[index + shift], after[index])
        for index in range(kept)
        if before[index + shift] is not after[index] and before[index + shift] != after[index]
    }
    out: dict[str, Plain] = {"<": shift} if shift else {}
    if changed:
        out["#"] = changed
    if kept < len(before) - shift:
        out["n"] = kept
    if kept < len(after):
        out[">"] = [plain(item) for item in after[kept:]]
    return out or {"n": kept}


def _shift(before: Sequence[object], after: Sequence[object]) -> int:
    """By how many items the list has moved on: what leaves least to be said."""
    if len(after) > LONG:
        return 0
    costs = [_cost(before, after, shift) for shift in range(min(SHIFTS, len(before)))]
    return costs.index(min(costs))


def _cost(before: Sequence[object], after: Sequence[object], shift: int) -> int:
    kept = min(len(before) - shift, len(after))
    same = sum(before[index + shift] == after[index] for index in range(kept))
    return len(after) - same


def applied(value: Plain, change: Plain) -> Plain:
    """The value after a change; `value` itself stays as it is. Raises Unfit."""
    if not isinstance(change, dict):
        return change
    if "=" in change:
        return change["="]
    if "~" in change:
        return _changed_entries(value, change)
    return _changed_items(value, change)


def _changed_entries(value: Plain, change: dict[str, Plain]) -> Plain:
    changed, gone = change["~"], change.get("-", [])
    if not isinstance(value, dict) or not isinstance(changed, dict) or not isinstance(gone, list):
        raise Unfit("entries of no object")
    out = {key: item for key, item in value.items() if key not in gone}
    for key, item in changed.items():
        out[key] = applied(out.get(key), item)
    return out


def _changed_items(value: Plain, change: dict[str, Plain]) -> Plain:
    shift, changed, more = change.get("<", 0), change.get("#", {}), change.get(">", [])
    length = change.get("n")
    fits = isinstance(value, list) and isinstance(changed, dict) and isinstance(more, list)
    if not fits or type(shift) is not int or type(length) not in {int, type(None)}:
        raise Unfit("items of no list")
    out = value[shift:]
    for key, item in changed.items():
        index = int(key) if key.isdecimal() else -1
        if not 0 <= index < len(out):
            raise Unfit("an item that is not there")
        out[index] = applied(out[index], item)
    return [*out[:length], *more]
