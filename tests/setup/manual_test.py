#!/usr/bin/env python3
"""The manual and the packages against the code: keys, attributes, calls, options of the command, examples, the version."""

import glob
import json
import os
import re
import subprocess
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
DOC = os.path.join(TOP, "packaging", "doc")
MYFABRIC = os.environ["MYFABRIC_COMMAND"]


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def myfabric(*arguments):
    return subprocess.run([MYFABRIC, *arguments], capture_output=True, text=True, check=False, timeout=60)


def version():
    return re.search(r"^project\(.* VERSION ([0-9.]+)", read("CMakeLists.txt"), re.M).group(1)


class Manual(unittest.TestCase):
    def test_keys_are_those_of_the_table(self):
        done = subprocess.run(
            [os.path.join(DOC, "keys"), "check", MYFABRIC], capture_output=True, text=True, check=False
        )
        self.assertEqual("", done.stdout + done.stderr)

    def test_attributes_are_those_of_the_header(self):
        named = dict(re.findall(r"#define (SQL_ATTR_FABRIC_\w+)\s+(\d+)", read("include", "myfabric", "attributes.h")))
        self.assertGreater(len(named), 10)
        page = read("packaging", "doc", "myfabric-odbc.5.md")
        told = {name: number for number, name in re.findall(r"^\| (\d+) \| `(SQL_ATTR_FABRIC_\w+)`", page, re.M)}
        self.assertEqual(named, told)

    def test_commands_are_those_of_the_program(self):
        page = read("packaging", "doc", "myfabric.1.md")
        told = set(re.findall(r"^\*\*(\w+)\*\*", page.split("# COMMANDS")[1].split("# OPTIONS")[0], re.M))
        commands = set(myfabric("complete", "commands").stdout.split())
        self.assertEqual(commands, told)
        for command in commands:
            options = set(re.findall(r"--[a-z-]+", myfabric(command, "--help").stdout))
            self.assertEqual(set(), {o for o in options if o not in page}, command)

    def test_every_command_that_is_shown_exists_with_its_options(self):
        commands = set(myfabric("complete", "commands").stdout.split())
        seen = 0
        for file in ("README.md", *(f"packaging/doc/{os.path.basename(p)}" for p in glob.glob(os.path.join(DOC, "*.md")))):
            for command, rest in re.findall(r"^(?:    |.*`)(?:sudo )?myfabric ([a-z]+)([^`#\n]*)", read(file), re.M):
                self.assertIn(command, commands, file)
                known = set(myfabric("complete", "options", command).stdout.split())
                given = set(re.findall(r"(?<= )--[a-z-]+", rest.split(" -- ")[0]))
                self.assertEqual(set(), given - known, f"{file}: myfabric {command}{rest}")
                seen += 1
        self.assertGreater(seen, 15)

    def test_every_page_is_installed_and_pages_refer_to_pages(self):
        pages = {os.path.basename(page)[:-3] for page in glob.glob(os.path.join(DOC, "*.[157].md"))}
        listed = re.search(r"set\(pages ([^)]*)\)", read("packaging", "CMakeLists.txt")).group(1).split()
        self.assertEqual(pages, set(listed))
        foreign = {"odbc.ini.5", "odbcinst.ini.5", "isql.1", "odbcinst.1"}
        for page in pages:
            for name, section in re.findall(r"\*\*([\w.-]+)\*\*\((\d)\)", read("packaging", "doc", page + ".md")):
                self.assertIn(f"{name}.{section}", pages | foreign, page)

    def test_links_of_the_readme_lead_somewhere(self):
        for file in ("README.md", *(f"packaging/doc/{os.path.basename(p)}" for p in glob.glob(os.path.join(DOC, "*.md")))):
            for link in re.findall(r"\]\(([^)#]+)[^)]*\)", read(file)):
                if "://" not in link:
                    path = os.path.join(TOP, os.path.dirname(file), link)
                    self.assertTrue(os.path.exists(path), f"{file}: {link}")


class Examples(unittest.TestCase):
    def farms(self):
        for file in glob.glob(os.path.join(DOC, "*.md")) + [os.path.join(TOP, "README.md")]:
            for text in re.findall(r"```json\n(.*?)```", read(file), re.S):
                yield file, text
        yield "farm.json", read("packaging", "examples", "farm.json")

    def test_farm_files_are_read_by_the_driver(self):
        count = 0
        for file, text in self.farms():
            path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"myfabric-example-{os.getpid()}.json")
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            self.addCleanup(lambda p=path: os.path.exists(p) and os.remove(p))
            keys = f"FabricProtocol=file;FabricHost={path};Group=east"
            # Servers of examples cannot be asked: they are listed as such.
            done = myfabric("status" if '"source"' in text else "resolve", keys)
            self.assertEqual(0, done.returncode, f"{file}: {done.stderr}")
            count += 1
        self.assertGreaterEqual(count, 2)

    def test_the_schema_knows_the_keys_that_the_driver_knows(self):
        schema = json.loads(read("packaging", "doc", "farm.schema.json"))
        objects = {"server": schema["definitions"]["server"], "shard map": schema["definitions"]["shard_map"], "farm": schema}
        folder = os.environ.get("TMPDIR", "/tmp")
        path = os.path.join(folder, f"myfabric-schema-{os.getpid()}.json")
        self.addCleanup(lambda: os.path.exists(path) and os.remove(path))
        wrong = {
            "farm": {"groups": {}, "?": 1},
            "server": {"groups": {"g": {"servers": [{"host": "a", "status": "PRIMARY", "?": 1}]}}},
            "shard map": {"groups": {}, "shard_maps": [{"type": "RANGE", "tables": [], "?": 1}]},
        }
        for name, farm in wrong.items():
            with open(path, "w", encoding="utf-8") as out:
                json.dump(farm, out)
            told = myfabric("resolve", f"FabricProtocol=file;FabricHost={path};Group=g").stderr
            known = re.search(r"is not a known key; use ([\w, ]+)", told)
            self.assertIsNotNone(known, told)
            self.assertEqual(set(known.group(1).split(", ")), set(objects[name]["properties"]), name)

    def test_data_sources_have_no_key_without_effect(self):
        texts = [read("packaging", "examples", "odbc.ini"), read("README.md")]
        texts += [read(os.path.relpath(page, TOP)) for page in glob.glob(os.path.join(DOC, "*.md"))]
        keys = {}
        for key in json.loads(myfabric("keys", "--json").stdout):
            for name in [key["name"], *key["aliases"]]:
                keys[name.lower()] = key
        manager = {"driver", "cptimeout", "cpprobe", "pooling", "dmconnattr", "description", "setup"}
        seen = 0
        for text in texts:
            for section in re.findall(r"^ *\[[\w-]+\]\n((?: *\w+ *= *.*\n)+)", text, re.M):
                for name in re.findall(r"^ *(\w+) *=", section, re.M):
                    if name.lower() not in manager:
                        self.assertIn(name.lower(), keys)
                        self.assertEqual("yes", keys[name.lower()]["applies"], name)
                        seen += 1
        self.assertGreater(seen, 20)


class Version(unittest.TestCase):
    def test_is_said_once(self):
        self.assertIn(version(), myfabric("--version").stdout)
        newest = re.search(r"^## ([0-9.]+)", read("packaging", "CHANGELOG.md"), re.M).group(1)
        self.assertEqual(version(), newest)
        for path in ("packaging/deb/control", "packaging/rpm/myfabric-odbc.spec", "packaging/build"):
            self.assertNotIn(version(), read(path), path)


if __name__ == "__main__":
    unittest.main()
