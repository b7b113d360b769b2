#!/usr/bin/env python3
"""Checks that the sources are laid out and written as the project wants:  tests/style.py [links|format|tidy|unused ...]

links:  every file that a Markdown text links to exists, and every test that tests/odbc/README.md names.
format: every source is laid out as .clang-format says; tests/style.py mend lays them out.
tidy:   clang-tidy finds nothing in the sources that changed (see changed_files).
unused: every function of driver and setup is called, but those of UNUSED.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("driver", "include", "setup", "tests", "packaging")
LATEST_COMMITS = 8  # whose files clang-tidy looks at where there is no branch to compare with
MOST_FILES = 24  # that clang-tidy looks at: some six seconds each

UNUSED = {
    # Tests walk the tables.
    "supported_functions": "a table for tests",
    "info_types": "a table for tests",
    "scalar_functions": "a table for tests",
    "programs": "a table for tests",
    # Called under a name or in a way that cppcheck does not see.
    "store_narrow_text": "in the table of conversions",
    "store_wide_text": "in the table of conversions",
    "store_date": "in the table of conversions",
    "store_time": "in the table of conversions",
    "store_least_date": "in the table of conversions",
    "store_least_timestamp": "in the table of conversions",
    "store_raw_text": "in the table of conversions",
    "text_to_timestamp": "in the table of conversions",
    "text_to_guid": "in the table of conversions",
    "bytes_to_guid": "in the table of conversions",
    "arrays": "called in the build with MariaDB's library",
    # Called by libraries and applications.
    "is_connected": "of libmyfabric",
    "get_server_uuid": "of libmyfabric",
    "report_connection_error": "of libmyfabric",
    "number_unsigned": "of the JSON reader",
    "start_object": "of the JSON reader",
    "start_array": "of the JSON reader",
    "end_object": "of the JSON reader",
    "end_array": "of the JSON reader",
    "parse_error": "of the JSON reader",
}


def sources():
    return sorted(path for folder in FOLDERS for suffix in ("*.cpp", "*.h")
                  for path in (ROOT / folder).rglob(suffix))


def output_of(*command, **options):
    return subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, **options)


def need(program, package):
    if shutil.which(program):
        return True
    print(f"{program} is missing: install Debian's package {package}, or run packaging/dependencies tests")
    return False


def check_format(mend=False):
    if not need("clang-format", "clang-format"):
        return False
    if mend:
        return output_of("clang-format", "-i", *map(str, sources())).returncode == 0
    done = output_of("clang-format", "--dry-run", "--Werror", *map(str, sources()), stderr=subprocess.STDOUT)
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error:", done.stdout, re.M)))
    for name in wrong:
        print(f"{pathlib.Path(name).relative_to(ROOT)} is not laid out as .clang-format says; tests/style.py mend")
    return not wrong and done.returncode == 0


def changed_files():
    """What differs from the branch main; on main itself, in a copy of it or without it, what the newest
    commits changed; and what is not committed. Everything where there is no history."""
    def git(*arguments):
        done = output_of("git", *arguments, stderr=subprocess.DEVNULL)
        return done.stdout.split("\n")[:-1] if done.returncode == 0 else []

    head = git("rev-parse", "HEAD")
    base = git("merge-base", "HEAD", "main") or git("merge-base", "HEAD", "origin/main")
    if not base or base == head:
        base = git("rev-list", f"--max-count={LATEST_COMMITS + 1}", "HEAD")[-1:]
    if not base:
        return [str(path.relative_to(ROOT)) for path in sources()]
    if base == head:  # a clone of one commit
        return git("ls-files")
    return git("diff", "--name-only", "--diff-filter=d", *base)


def check_links():
    good = True
    texts = [path for path in ROOT.rglob("*.md") if "build" not in path.relative_to(ROOT).parts[:1]]
    for path in sorted(texts):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if re.match(r"[a-z]+:|#", target):
                    continue
                if not (path.parent / target.split("#")[0]).exists():
                    print(f"{path.relative_to(ROOT)}:{number}: {target} does not exist")
                    good = False
    return check_named_tests() and good


def check_named_tests():
    """The tests and files that the table of tests/odbc names."""
    tests = {".".join(found) for path in (ROOT / "tests").rglob("*_test.cpp")
             for found in re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", path.read_text(encoding="utf-8"), re.M)}
    named = set(re.findall(r"`([^`]+)`", (ROOT / "tests/odbc/README.md").read_text(encoding="utf-8")))
    missing = sorted(name for name in named if re.fullmatch(r"\w+\.\w+", name) and name not in tests
                     or name.startswith("tests/") and not (ROOT / name).exists())
    for name in missing:
        print(f"tests/odbc/README.md: {name} does not exist")
    return not missing


def check_tidy():
    if not need("clang-tidy", "clang-tidy"):
        return False
    changed = [ROOT / name for name in changed_files() if name.split("/")[0] in ("driver", "setup", "include")]
    headers = [path for path in changed if path.suffix == ".h"]
    units = {path for path in changed if path.suffix == ".cpp"}
    units |= {path.with_suffix(".cpp") for path in headers if path.with_suffix(".cpp").exists()}
    build = ROOT / "build" / "tidy"
    configured = output_of("cmake", "-S", ".", "-B", str(build), "-DCMAKE_BUILD_TYPE=Debug",
                           "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON",
                           stderr=subprocess.STDOUT)
    if configured.returncode != 0:
        print(configured.stdout)
        return False
    known = {entry["file"] for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))}
    chosen = sorted(str(path) for path in units if str(path) in known)
    if len(chosen) > MOST_FILES:
        print(f"clang-tidy looks at {MOST_FILES} of {len(chosen)} changed files")
        chosen = chosen[:: -(-len(chosen) // MOST_FILES)]
    # Old findings in files that were only included are not this change's.
    lines = json.dumps([{"name": str(path)} for path in changed])
    command = ["clang-tidy", "-p", str(build), "--quiet", "--warnings-as-errors=*", f"--line-filter={lines}"]
    workers = os.cpu_count() or 1
    running = [subprocess.Popen(command + chosen[first::workers], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL)
               for first in range(min(workers, len(chosen)))]
    good = True
    for process in running:
        text = process.communicate()[0]
        if process.returncode != 0:
            print(text)
            good = False
    return good


def check_unused():
    if not need("cppcheck", "cppcheck"):
        return False
    done = output_of("cppcheck", "--enable=unusedFunction", "--quiet", "--std=c++20", "--template={file}:{line} {id} {message}",
                     "-I", "driver", "-I", "include", "driver", "setup", stderr=subprocess.STDOUT)
    found = dict((name, place) for place, name in
                 re.findall(r"^(\S+) unusedFunction The function '(\w+)' is never used", done.stdout, re.M))
    for name, place in found.items():
        if name not in UNUSED and not re.match(r"SQL|Config|operator", name):
            print(f"{place}: nobody calls {name}(); take it out, or say in tests/style.py why it stays")
    for name in UNUSED.keys() - found.keys():
        print(f"tests/style.py: {name}() is called now, or gone: take it off the list")
    return not found.keys() ^ {*UNUSED} - {name for name in found if re.match(r"SQL|Config|operator", name)}


def main(chosen):
    checks = {"links": check_links, "format": check_format, "tidy": check_tidy, "unused": check_unused}
    if chosen == ["mend"]:
        return 0 if check_format(mend=True) else 1
    if not set(chosen) <= checks.keys():
        print(__doc__)
        return 2
    good = True
    for name in chosen or checks:
        passed = checks[name]()
        print(f"{name}: {'good' if passed else 'FAILED'}", flush=True)
        good &= passed
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
