#!/usr/bin/env python3
"""Holds the sources against the list of layers in driver/CMakeLists.txt and the limits of size.

Fails for an #include that a layer's myfabric_layer() line does not allow, for a layer named there that
no file of the layer includes, for a header of one operating system outside of platform, for a file
without a first line that says what it is for, for files and functions that are too long, and for
classes of too many data members.
"""

import pathlib
import re
import sys

LONGEST_FILE = 600  # lines
LONGEST_FUNCTION = 80
MOST_MEMBERS = 20  # data members of a class
# Values that are a list by their nature.
LISTS = {"Options": "a member for each connection key", "Login": "a member for each option of the client library",
         "Record": "a member for each descriptor field",
         "Column": "a member for each thing that a server says of a column"}
# What Windows lacks, and macOS has in part.
ONE_SYSTEM = r"#include <(sys/.*|arpa/.*|net/.*|netinet/.*|fcntl|unistd|poll|pthread|signal|pwd|netdb|dlfcn|dirent)(\.h)?>"

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRIVER = ROOT / "driver"


def declared():
    """Layer -> the layers that it may include, in the order of the build file."""
    text = (DRIVER / "CMakeLists.txt").read_text(encoding="utf-8")
    layers = {}
    for found in re.finditer(r"myfabric_layer\(([^)]*)\)", re.sub(r"#[^\n]*", "", text)):
        name, *below = found[1].split()
        layers[name] = set(below[: below.index("USES")] if "USES" in below else below)
    return layers


def long_functions(lines):
    """(line, length) of each function that is too long: code is laid out by clang-format, so that a
    function's body ends with the next line that is a closing brace at the indent of its beginning."""
    begin = None
    for number, line in enumerate(lines, 1):
        if begin is None:
            if re.match(r"( *)\S.*\)( (const|noexcept|override|final))* (: .*)?\{$|( *)\S.*\) (const )?\{$", line):
                indent = len(line) - len(line.lstrip())
                if line.lstrip().startswith(":"):  # the initializers of a constructor
                    indent -= 4
                if not re.match(r" *(namespace|if|for|while|switch|else|try|do|struct|class|enum)\b", line):
                    begin = (number, indent)
        elif line.startswith(" " * begin[1] + "}") and len(line) - len(line.lstrip()) == begin[1]:
            if number - begin[0] + 1 > LONGEST_FUNCTION:
                yield begin[0], number - begin[0] + 1
            begin = None


def members(lines):
    """(name, count) of each class: clang-format ends a data member's declaration with a semicolon at the indent of
    the class's own members; comments and bodies lie deeper, are comments, or end with a brace."""
    open_classes = []  # [name, indent, count]
    statement = ""
    for line in lines:
        code = re.sub(r'"(\\.|[^"\\])*"', '""', line).split("//")[0].rstrip()
        if not code:
            continue
        indent = len(code) - len(code.lstrip())
        if open_classes and indent == open_classes[-1][1] and code.lstrip().startswith("}"):
            name, _, count = open_classes.pop()
            yield name, count
            statement = ""
            continue
        began = re.match(r" *(?:template <.*> )?(?:class|struct) ([\w:]+)(?: final)?(?: :.*)? ?(\{|,|$)", code)
        if began and not code.endswith(";"):
            open_classes.append([began[1], indent, 0])
            statement = ""
            continue
        if not open_classes:
            continue
        own = open_classes[-1][1] + 4
        if indent < own or (indent > own and not statement):
            statement = ""
            continue
        statement += " " + code.strip()
        if code.endswith(("{", "}")) and "=" not in statement:
            statement = ""
        elif code.endswith(";"):
            plain = statement.strip()
            while re.search(r"<[^<>]*>|\{[^{}]*\}", plain):
                plain = re.sub(r"<[^<>]*>|\{[^{}]*\}", "", plain)
            declarator = plain.split("=")[0]
            pointer = re.search(r"\(\*\w+\)\(", declarator)
            if not re.match(r"(using|friend|typedef|static|enum|template|class|struct|namespace|return)\b", plain) and (
                    "(" not in declarator or pointer):
                open_classes[-1][2] += 1 if pointer else 1 + plain.count(",")
            statement = ""


def main():
    layers = declared()
    wrong = [f"{below} stands before {name} in no line of driver/CMakeLists.txt"
             for index, name in enumerate(layers) for below in layers[name]
             if below not in list(layers)[:index]]
    used = {name: set() for name in layers}
    for path in sorted(DRIVER.rglob("*")) + sorted((ROOT / "setup").rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        name = path.relative_to(ROOT)
        layer = path.relative_to(DRIVER).parts[0] if DRIVER in path.parents else "setup"
        lines = path.read_text(encoding="utf-8").splitlines()
        if layer not in layers and layer != "setup":
            wrong.append(f"{name}: '{layer}' is no layer")
            continue
        if len(lines) > LONGEST_FILE:
            wrong.append(f"{name}: {len(lines)} lines, more than {LONGEST_FILE}")
        for line, length in long_functions(lines):
            wrong.append(f"{name}:{line}: a function of {length} lines, more than {LONGEST_FUNCTION}")
        for class_name, count in members(lines) if layer != "setup" else ():
            if count > MOST_MEMBERS and class_name not in LISTS:
                wrong.append(f"{name}: {class_name} has {count} data members, more than {MOST_MEMBERS}")
        if path.suffix == ".h" and not lines[0].startswith("// "):
            wrong.append(f"{name}: the first line does not say what the file is for")
        for number, line in enumerate(lines, 1):
            if layer not in ("platform", "setup") and re.match(ONE_SYSTEM, line):
                wrong.append(f"{name}:{number}: a header of one operating system; platform is the place for it")
            found = re.match(r'#include "([a-z_]+)/', line)
            if not found or found[1] not in layers or layer == "setup" or found[1] == layer:
                continue
            used[layer].add(found[1])
            if found[1] not in layers[layer]:
                wrong.append(f"{name}:{number}: {layer} includes {found[1]}, and its line in driver/CMakeLists.txt does not say so")
    for name, below in layers.items():
        wrong += [f"driver/CMakeLists.txt: {name} names {unused}, and no file of it needs that" for unused in sorted(below - used[name])]
    print("\n".join(wrong) if wrong else "every include is declared, and every declared one is needed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
