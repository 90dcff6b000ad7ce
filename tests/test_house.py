"""House rules: what every file of the project keeps to. A rule is changed here, and on purpose."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator

from tests.source import PACKAGE, ROOT, product, sources

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50

# Names that say where something was put and not what it is.
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "common",
    "services",
    "service",
    "manager",
    "base",
    "helpers",
    "helper",
    "misc",
}

# Where a test may wait, and for what.
WAITING = {
    "src/plaudit/foundation/jobs/tests/samples.py": "a job that hangs is what is tested",
    "src/plaudit/foundation/jobs/tests/test_worker.py": "asks another process, and goes on when it answers",
}

PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_table(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith("Model") for base in node.bases)


def test_a_file_is_shorter_than_400_lines():
    lengths = {source.place: len(source.text.splitlines()) for source in sources()}
    assert {place: lines for place, lines in lengths.items() if lines >= FILE_LINES_MAX} == {}


def test_a_function_is_shorter_than_50_lines():
    lengths = {
        f"{source.place}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for source in sources()
        for function in _functions(source.tree)
    }
    assert {place: lines for place, lines in lengths.items() if lines >= FUNCTION_LINES_MAX} == {}


def test_a_file_opens_by_saying_what_it_is():
    silent = [
        source.place for source in sources() if source.text.strip() and not ast.get_docstring(source.tree)
    ]
    assert silent == []


def test_a_name_says_what_is_in_the_file():
    named = {
        source.place: set(re.split(r"[/_.]", source.place)) & NAMES_THAT_SAY_NOTHING for source in sources()
    }
    assert {place: words for place, words in named.items() if words} == {}


def test_only_tenancy_opens_a_transaction():
    opened = [
        f"{source.place}:{node.lineno}"
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute | ast.alias)
        and "atomic" in (getattr(node, "attr", ""), getattr(node, "name", ""))
        and source.path != PACKAGE / "foundation" / "tenancy.py"
    ]
    assert opened == []


def test_only_the_command_line_prints():
    """A file that is itself run as a program (`python -m …`) talks to whoever ran it."""
    speaking = [
        f"{source.place}:{call.lineno}"
        for source in product()
        if source.path.name != "cli.py" and PACKAGE / "surfaces" / "cli" not in source.path.parents
        if '\nif __name__ == "__main__":' not in source.text
        for call in _calls(source.tree, "print")
    ]
    assert speaking == []


def test_nothing_happens_behind_a_save():
    hidden = [
        f"{source.place}:{node.lineno}"
        for source in product()
        for node in ast.walk(source.tree)
        if (
            isinstance(node, ast.ClassDef)
            and _is_table(node)
            and "save" in {f.name for f in _functions(node)}
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals"))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.dispatch"))
    ]
    assert hidden == []


def test_tests_do_not_sleep():
    asleep = [
        f"{source.place}:{node.lineno}"
        for source in sources()
        if source.is_test and source.place not in WAITING
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "sleep"
    ]
    assert asleep == []


def test_every_package_stands_on_a_floor_and_keeps_the_rooms():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    floors = {name.strip("() ") for layer in layers for name in layer.split("|")}
    rooms = set(next(contract["containers"] for contract in contracts if contract["id"] == "rooms"))
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"programmes"}

    assert packages <= floors
    assert {f"plaudit.{name}" for name in packages - {"foundation", "surfaces"}} == rooms


def test_the_lock_names_public_sources_only():
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    strange = {
        package["name"]: package["source"]
        for package in lock["package"]
        if package["source"] not in ({"registry": "https://pypi.org/simple"}, {"editable": "."})
    }
    assert strange == {}
    for name in ("uv.lock", "requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert set(re.findall(r"\w+://([^/\s\"]+)", text)) <= PUBLIC_HOSTS, name
        assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|file:", text), name


def test_the_requirements_say_what_the_lock_says():
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    locked = {(package["name"], package["version"]) for package in lock["package"]}
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pinned = re.findall(
            r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)(?:.*?)\\\n    --hash=sha256:", text, re.MULTILINE
        )
        requirements = re.findall(r"^[a-z0-9]\S*", text, re.MULTILINE)
        assert len(pinned) == len(requirements) > 0, "every requirement has its hashes; run make lock"
        assert set(pinned) <= locked, "run make lock"


def test_continuous_integration_runs_the_same_commands_as_people():
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("make")]
    assert commands == [
        "make check",
        "make test",
        "make at-length",
        "make journeys",
        "make every-statement",
        "make every-operation",
    ]


def test_every_make_command_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert {command for command in described - {"help"} if f"make {command}" not in contributing} == set()


def test_nothing_private_is_tracked():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    private = re.compile(r"(^|/)(var/|\.env$|secret-key$|.*\.pem$)")
    assert [name for name in tracked.stdout.splitlines() if private.search(name)] == []
