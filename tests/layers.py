#!/usr/bin/env python3
"""Shows every #include in driver/ that points from a layer to one on its left (STYLE: "Layers")."""

import pathlib
import re
import sys

# Columns from left to right; within a column files may include each other.
COLUMNS = [
    {"odbc"},
    {"handles", "client"},
    {"statement", "cursor", "catalog", "info"},
    {"descriptor", "conversion", "router", "dsn"},
    {"mysql", "fabric"},
    {"base"},
]
# fabric uses mysql, which knows nothing of farms; conversion knows nothing of handles: the columns say
# the latter, these the rest.
FORBIDDEN = {("mysql", "fabric"), ("handles", "client"), ("client", "handles"), ("info", "router"), ("info", "cursor")}
HORIZON = 600  # lines of a file

root = pathlib.Path(__file__).resolve().parent.parent / "driver"
column = {name: index for index, names in enumerate(COLUMNS) for name in names}
wrong = []
for path in sorted(root.rglob("*")):
    if path.suffix not in (".h", ".cpp"):
        continue
    layer = path.relative_to(root).parts[0]
    lines = path.read_text().splitlines()
    if layer not in column:
        wrong.append(f"{path.relative_to(root)}: '{layer}' is no layer")
        continue
    if len(lines) > HORIZON:
        wrong.append(f"{path.relative_to(root)}: {len(lines)} lines, more than {HORIZON}")
    if path.suffix == ".h" and not lines[0].startswith("// "):
        wrong.append(f"{path.relative_to(root)}: the first line does not say what the file is for")
    for number, line in enumerate(lines, 1):
        found = re.match(r'#include "([a-z_]+)/', line)
        if not found or found[1] not in column:
            continue
        used = found[1]
        if column[used] < column[layer] or (layer, used) in FORBIDDEN:
            wrong.append(f"{path.relative_to(root)}:{number}: {layer} includes {used}")
print("\n".join(wrong) if wrong else "every include goes to the right")
sys.exit(1 if wrong else 0)
