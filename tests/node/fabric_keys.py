"""Which shard a key belongs to, as the real node decides it, defects included."""

import datetime
import hashlib
import math
import re

from fabric_operations import FabricError

TYPES = ("RANGE", "RANGE_INTEGER", "RANGE_STRING", "RANGE_DATETIME", "HASH")
NUMBER_PREFIX = re.compile(r"\s*([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)")


def hash_bound(text):
    """MD5 of the text as 32 upper-case hex digits: the place of a key or group on the ring."""
    return hashlib.md5(str(text).encode("utf-8", "surrogatepass")).hexdigest().upper()


def shard_for(mapping, key):
    """The shard of `mapping` for `key`, enabled or not; FabricError "Invalid Key" if none."""
    shards = [shard for shard in mapping.shards]
    if mapping.type == "HASH":
        ring = sorted(shards, key=lambda shard: shard.lower_bound)
        if not ring:
            raise FabricError(f"Invalid Key {key}")
        place = hash_bound(key)
        below = [shard for shard in ring if shard.lower_bound <= place]
        return (below or ring)[-1]  # keys below all bounds wrap around to the highest
    place = {"RANGE_STRING": string_place, "RANGE_DATETIME": datetime_place}.get(
        mapping.type, number_place
    )
    wanted = place(key)
    below = (
        [] if wanted is None else [shard for shard in shards if place(shard.lower_bound) <= wanted]
    )
    if not below:
        raise FabricError(f"Invalid Key {key}")
    # The node's query for RANGE_DATETIME lacks the descending order: always the lowest shard.
    choose = min if mapping.type == "RANGE_DATETIME" else max
    return choose(below, key=lambda shard: place(shard.lower_bound))


def number_place(key):
    """Integers compare as such, text by its leading number, 0 without one."""
    if key is None:
        return None
    if isinstance(key, (bool, int, float)):
        return key
    text = str(key)
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    found = NUMBER_PREFIX.match(text)
    return float(found.group(1)) if found else 0


class Padded(str):
    """Text ordered by code points, the shorter one continued with spaces."""

    def _pair(self, other):
        size = max(len(self), len(other))
        return str(self).ljust(size), str(other).ljust(size)

    def __lt__(self, other):
        mine, its = self._pair(other)
        return mine < its

    def __le__(self, other):
        mine, its = self._pair(other)
        return mine <= its

    def __gt__(self, other):
        return not self <= other

    __hash__ = str.__hash__


def string_place(key):
    return None if key is None else Padded(key)


def datetime_place(key):
    """A MySQL DATETIME literal, fractions rounded to seconds; None for what is no date."""
    text = str(key).strip()
    if re.fullmatch(r"\d{6}|\d{8}|\d{12}|\d{14}", text):
        width = 4 if len(text) in (8, 14) else 2
        parts = [text[:width]] + re.findall("..", text[width:])
    else:
        found = re.fullmatch(
            r"(\d{1,4})[^\w\s](\d{1,2})[^\w\s](\d{1,2})"
            r"(?:[T ]+(\d{1,2})(?:[^\w\s](\d{1,2})(?:[^\w\s](\d{1,2})(\.\d*)?)?)?)?",
            text,
        )
        if not found:
            return None
        parts = [part or "0" for part in found.groups()]
    year = int(parts[0])
    if len(parts[0]) <= 2:
        year += 2000 if year < 70 else 1900
    numbers = [year] + [int(part) for part in parts[1:6]]
    numbers += [0] * (6 - len(numbers))
    fraction = float(parts[6] + "0") if len(parts) > 6 and parts[6] != "0" else 0.0
    try:
        return datetime.datetime(*numbers) + datetime.timedelta(seconds=math.floor(fraction + 0.5))
    except (ValueError, OverflowError):
        return None


def valid_bound(type_name, bound):
    if type_name in ("RANGE", "RANGE_INTEGER"):
        return bool(re.fullmatch(r"[+-]?\d+", bound))
    if type_name == "RANGE_STRING":
        return bool(bound) and bound.isascii()
    return datetime_place(bound) is not None
