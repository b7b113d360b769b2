"""Answers that break the protocol, by name: what is sent to a statement with the word BAD in it.

Each value is a list of steps of mysql_peer.Script. LEFT stands in what a later statement must not
take for its own.
"""

import struct

import wire

LEFT = wire.text_row("LEFT")


def packets(*payloads):
    return {"packets": [payload.hex() for payload in payloads]}


def head(columns=1, kind=wire.VAR_STRING):
    return [wire.lenenc(columns), *[wire.column(kind=kind) for _ in range(columns)], wire.eof()]


# The text protocol: the answer to COM_QUERY.
TEXT = {
    "fewer columns": [packets(wire.lenenc(2), wire.column(), wire.eof(), LEFT, wire.eof())],
    "more columns": [packets(wire.lenenc(1), wire.column(), wire.column(), wire.eof(), LEFT, wire.eof())],
    "ok for columns": [packets(wire.lenenc(1), wire.ok(), LEFT, wire.eof(), LEFT)],
    "no end of columns": [packets(wire.lenenc(1), wire.column(), LEFT, LEFT, wire.eof(), LEFT)],
    "columns without sense": [packets(wire.lenenc(1), b"\xfa" * 9, wire.eof(), LEFT, wire.eof())],
    "column cut off": [packets(wire.lenenc(1), wire.column()[:9], wire.eof(), LEFT, wire.eof())],
    "very many columns": [packets(wire.lenenc((1 << 62) + 1), wire.column(), wire.eof(), LEFT, wire.eof())],
    "65 thousand columns": [packets(wire.lenenc(65535), wire.column(), wire.eof(), LEFT, wire.eof())],
    "row too short": [packets(*head(2), wire.text_row("a"), LEFT, wire.eof())],
    "row too long": [packets(*head(1), wire.text_row("a", "b"), LEFT, wire.eof())],
    "value beyond the row": [packets(*head(1), b"\x20abc", LEFT, wire.eof())],
    "length of eight bytes": [packets(*head(1), b"\xfe" + b"\xff" * 8 + b"abc", LEFT, wire.eof())],
    "length cut off": [packets(*head(1), b"\xfd\x01", LEFT, wire.eof())],
    "length that begins with 255": [packets(*head(2), b"\x01a\xff\x01\x02", LEFT, wire.eof())],
    "empty row": [packets(*head(1), b"", LEFT, wire.eof())],
    "short error": [packets(*head(1), b"\xff\x01", LEFT, wire.eof())],
    "empty answer": [packets(b"", LEFT, wire.eof())],
    "short ok": [packets(b"\0", LEFT)],
    "file wanted": [packets(b"\xfb/etc/passwd"), packets(wire.ok())],
    "numbers out of order": [{"raw": "0100000501" + "0100000901"}],
    "packet that never ends": [{"raw": "ffffff01" + "41" * 500}, {"close": True}],
    "end in the middle": [packets(*head(1)), {"raw": "10000005" + "0f4142"}, {"close": True}],
}


def prepared(columns, kind=wire.VAR_STRING, parameters=0):
    """The answer to COM_STMT_PREPARE."""
    reply = b"\0" + struct.pack("<IHHBH", 1, columns, parameters, 0, 0)
    of_parameters = [wire.column()] * parameters + ([wire.eof()] if parameters else [])
    definitions = [wire.column(kind=kind)] * columns + ([wire.eof()] if columns else [])
    return [packets(reply, *of_parameters, *definitions)]


def binary(*values, nulls=b"\0"):
    return b"\0" + nulls + b"".join(values)


# The binary protocol: (columns' type, the answer to COM_STMT_EXECUTE).
BINARY = {
    "row cut off": (wire.VAR_STRING, [packets(*head(1), binary(b"\x05ab"), binary(b"\x04LEFT"), wire.eof())]),
    "row without bitmap": (wire.VAR_STRING, [packets(*head(1), b"\0", binary(b"\x04LEFT"), wire.eof())]),
    "row too long": (wire.VAR_STRING, [packets(*head(1), binary(b"\x01a\x01b"), binary(b"\x04LEFT"), wire.eof())]),
    "number cut off": (wire.LONG, [packets(*head(1, wire.LONG), binary(b"\1\2"), binary(b"\1\2\3\4"), wire.eof())]),
    "other type": (wire.VAR_STRING, [packets(*head(1, wire.LONG), binary(b"\x04LEFT"), binary(b"\1\2\3\4"), wire.eof())]),
    "other count": (wire.VAR_STRING, [packets(*head(2), binary(b"\x01a"), binary(b"\x04LEFT"), wire.eof())]),
    "date of nine bytes": (wire.DATETIME, [packets(*head(1, wire.DATETIME), binary(b"\x09" + b"\xff" * 9), binary(b"\0"), wire.eof())]),
    "moment out of range": (wire.DATETIME, [packets(*head(1, wire.DATETIME), binary(b"\x0b" + b"\xff" * 11), binary(b"\0"), wire.eof())]),
    "length of eight bytes": (wire.VAR_STRING, [packets(*head(1), binary(b"\xfe" + b"\xff" * 8), binary(b"\x04LEFT"), wire.eof())]),
    "never described": (wire.VAR_STRING, [packets(wire.lenenc(3), wire.eof(), binary(b"\x04LEFT"), wire.eof())]),
    "row first": (wire.VAR_STRING, [packets(binary(b"\x04LEFT"), binary(b"\x04LEFT"), wire.eof())]),
}

REFUSED = packets(b"\xff\x7a\x04#42S02no such table")  # 1146
ONE_ROW = packets(*head(1), binary(b"\x04LEFT"), wire.eof())

# Preparing and executing are answered one after the other: the first answer, the second.
AT_ONCE = {name: (prepared(1, kind, 1), steps) for name, (kind, steps) in BINARY.items()}
AT_ONCE.update({
    "too short": ([packets(b"\0\1\0\0")], [ONE_ROW]),
    "empty": ([packets(b"")], [ONE_ROW]),
    "an OK": ([packets(wire.ok())], [ONE_ROW]),
    "parameters that do not come": ([packets(b"\0" + struct.pack("<IHHBH", 1, 0, 1, 0, 0)), {"close": True}], []),
    "parameters without end": (
        [packets(b"\0" + struct.pack("<IHHBH", 1, 1, 1, 0, 0)), {"repeat": wire.column().hex(), "count": -1}], []),
    "no parameters": (prepared(1), [ONE_ROW]),
    "three parameters": (prepared(1, parameters=3), [ONE_ROW]),
    "other count and rows": (prepared(1, parameters=2), [packets(*head(2), binary(b"\x01a"), wire.eof())]),
    "refused, and executed": ([REFUSED], [ONE_ROW]),
    "refused, and an OK": ([REFUSED], [packets(wire.ok())]),
    "refused twice": ([REFUSED], [REFUSED]),
    "refused, and the end": ([REFUSED, {"close": True}], []),
    "refused, and nothing": ([REFUSED], []),
    "refused, and rows without end": (
        [REFUSED], [packets(*head(1)), {"repeat": binary(b"\x01a").hex(), "count": -1}]),
    "the end": (prepared(1, parameters=1) + [{"close": True}], []),
    "rows without preparing": ([ONE_ROW], [ONE_ROW]),
    "one answer more": (prepared(1, parameters=1), [ONE_ROW, ONE_ROW]),
    "unknown number, again and again": (prepared(1, parameters=1), [packets(b"\xff\xdb\x04#HY000unknown")]),
})

# Answers without end. The rest of a row set; results after a result.
ENDLESS = {
    "rows": [packets(*head(1), wire.text_row("a")), {"repeat": wire.text_row("a").hex(), "count": -1}],
    "slow rows": [packets(*head(1), wire.text_row("a")), {"slow": [1, 0.02]},
                  {"repeat": wire.text_row("a").hex(), "count": -1}],
    "changes of the session": [
        packets(*head(1), wire.text_row("a"), wire.eof(wire.AUTOCOMMIT | wire.MORE_RESULTS)),
        {"repeat": wire.changed("time_zone", "x" * 200, wire.AUTOCOMMIT | wire.MORE_RESULTS).hex(), "count": -1}],
    "results": [packets(*head(1), wire.text_row("a"), wire.eof(wire.AUTOCOMMIT | wire.MORE_RESULTS)),
                {"repeat": wire.ok(status=wire.AUTOCOMMIT | wire.MORE_RESULTS).hex(), "count": -1}],
}


def scenario(kind, name):
    """The answers of a scenario in which BAD is answered so."""
    if kind == "binary":
        column, steps = BINARY[name]
        return [["^16 .*BAD", prepared(1, column)], ["^17", steps]]
    if kind == "at once":
        preparing, executing = AT_ONCE[name]
        return [["^16 .*BAD", preparing], ["^17", executing]]
    return [["BAD", {"text": TEXT, "endless": ENDLESS}[kind][name]]]


def names(kind):
    return list({"text": TEXT, "binary": BINARY, "endless": ENDLESS, "at once": AT_ONCE}[kind])
