"""Tries deploy/scripts/fix_imports.py on a tree of a hundred files that it makes, and on single lines.

usage: fix_imports.py SCRIPT DIRECTORY
"""

import os
import py_compile
import random
import subprocess
import sys

script, scratch = sys.argv[1:3]
tree = os.path.join(scratch, "project")
package = os.path.join(tree, "backend")
NAMES = [f"mod{number}" for number in range(60)]
PACKAGES = [f"pack{number}" for number in range(10)]


def run(*arguments, expect=0):
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True)
    assert done.returncode == expect, f"{arguments}: status {done.returncode}, expected {expect}\n{(done.stdout + done.stderr)[-2000:]}"
    return done


def put(path, content, encoding="utf-8"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content.encode(encoding))


def contents():
    found = {}
    for directory, _, names in os.walk(tree):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(directory, name), "rb") as file:
                    found[os.path.join(directory, name)] = file.read()
    return found


def body(chance, later):
    """Imports only of what comes later, so that the tree has no circles; each with a use that proves it."""
    one, two, three = chance.sample(later, 3)
    part = chance.choice(PACKAGES)
    forms = [
        f"import {one}\nassert {one}.VALUE == '{one}'",
        f"import {one} as other\nassert other.VALUE == '{one}'",
        f"import os, {one}, sys as system, {two} as second\nassert {one}.VALUE + second.VALUE == '{one}{two}' and os and system",
        f"from {one} import VALUE, VALUE as again\nassert VALUE == again == '{one}'",
        f"from {part}.inner import (\n    VALUE as first,  # import {two}\n    OTHER,\n)\nassert first == '{part}.inner'",
        f"import {part}.inner\nassert {part}.inner.VALUE == '{part}.inner' and f'{{{part}.inner.OTHER}}'",
        f"import {part}.inner as deep; import {two}; assert deep.VALUE and {two}.VALUE",
        f"def late():\n    import {three}\n    from {one} import VALUE\n    return {three}.VALUE + VALUE\nassert late() == '{three}{one}'",
        f"try:\n    from {two} import VALUE as tried\nexcept ImportError:\n    tried = None\nassert tried == '{two}'",
        f"import \\\n    {one}\nfrom {two} \\\n    import VALUE as wrapped\nassert {one}.VALUE and wrapped",
        f"TEXT = '''\nimport {one}\nfrom {two} import VALUE\n'''\n# import {three}\nassert TEXT.startswith('\\nimport {one}\\n')",
        f"import json, collections.abc\nfrom os import path\nassert json and collections and path",
        f"if True: import {one}, {two}\nassert {one}.VALUE and {two}.VALUE",
    ]
    return "\n".join(chance.sample(forms, 4)) + "\n"


def make():
    chance = random.Random(5)
    put(os.path.join(package, "__init__.py"), "")
    for place, name in enumerate(NAMES):
        later = NAMES[place + 1 :]
        text = f"VALUE = '{name}'\n" if len(later) < 3 else body(chance, later) + f"VALUE = '{name}'\n"
        # What stands before an import on its line moves it, by more bytes than characters.
        joint = "; " if text.startswith(("import", "from", "VALUE")) else "\n"
        if place % 4 == 0:
            text = text.replace("\n", "\r\n")
        if place % 7 == 0:
            put(os.path.join(package, name + ".py"), "\ufeff" + text)
        elif place % 5 == 0:
            put(os.path.join(package, name + ".py"), "# -*- coding: latin-1 -*-\n# Käse\nS = 'größe'" + joint + text, "latin-1")
        else:
            put(os.path.join(package, name + ".py"), "E = 'é😀'" + joint + text)
    for name in PACKAGES:
        put(os.path.join(package, name, "__init__.py"), "")
        put(os.path.join(package, name, "inner.py"), f"from . import sibling\nVALUE = '{name}.inner'\nOTHER = sibling.OTHER\n")
        put(os.path.join(package, name, "sibling.py"), "OTHER = 1\n")
    for number in range(9):
        put(os.path.join(tree, "tests", f"test_{number}.py"), body(chance, NAMES))


def single(before, after, **options):
    """What becomes of one file in a package that has "a" (a package with "b") and "logging"."""
    place = os.path.join(scratch, "single")
    put(os.path.join(place, "backend", "a", "b.py"), "")
    put(os.path.join(place, "backend", "logging.py"), "")
    put(os.path.join(place, "backend", "user.py"), before)
    run(place, **options)
    with open(os.path.join(place, "backend", "user.py"), "rb") as file:
        now = file.read().decode()
    assert now == after, f"{before!r} became {now!r} and not {after!r}"


make()
before = contents()
assert len(before) >= 100, len(before)
run(tree, "--check", expect=1)
assert "+from backend." in run(tree, "--dry-run").stdout
assert contents() == before, "--check and --dry-run must change nothing"

run(tree)
fixed = contents()
for path in fixed:
    py_compile.compile(path, doraise=True)
    assert fixed[path].count(b"\r\n") == before[path].count(b"\r\n"), f"the line endings of {path}"
    assert fixed[path].startswith(b"\xef\xbb\xbf") == before[path].startswith(b"\xef\xbb\xbf"), f"the mark of {path}"
# Every use still finds what it means: all of them are run.
subprocess.run([sys.executable, "-c", "\n".join(f"import backend.{name}" for name in NAMES)], cwd=tree, check=True)
for number in range(9):
    subprocess.run([sys.executable, os.path.join(tree, "tests", f"test_{number}.py")], env={**os.environ, "PYTHONPATH": tree}, check=True)

run(tree)
run(tree, "--check")
assert contents() == fixed, "running again must change nothing"

single("import a\n", "import backend.a as a\n")
single("import a.b\n", "import backend.a.b; from backend import a\n")
single("import os, a.b as x  # a\n", "import os, backend.a.b as x  # a\n")
single("from a.b import (c,\n  d)\n", "from backend.a.b import (c,\n  d)\n")
single("from\ta import b\r\n", "from\tbackend.a import b\r\n")
single("from .a import b\nfrom . import a\nimport backend.a\nfrom backend import a\n", "from .a import b\nfrom . import a\nimport backend.a\nfrom backend import a\n")
single("import logging\nimport requests\n'import a'\n# import a\n", "import logging\nimport requests\n'import a'\n# import a\n")
# What is no Python is named and left alone; the others are done all the same.
single("import a\nprint 'two'\n", "import a\nprint 'two'\n", expect=1)
os.remove(os.path.join(scratch, "single", "backend", "user.py"))

# A directory without __init__.py is no member when a third party's goes by its name: installed, or asked for.
def imports_of(place, **files):
    """What becomes of backend/user.py beside directories without __init__.py; files are put into the tree."""
    for name in ("alembic", "shapely", "celery", "own"):
        put(os.path.join(place, "backend", name, "env.py"), "")
    before = "import alembic\nfrom shapely import x\nimport celery\nfrom own import env\n"
    put(os.path.join(place, "backend", "user.py"), before)
    for name, content in files.items():
        put(os.path.join(place, name.replace("__", ".")), content)
    site = os.path.join(scratch, "site")
    put(os.path.join(site, "celery", "__init__.py"), "")
    done = subprocess.run([sys.executable, script, place], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": site})
    assert done.returncode == 0, done.stderr
    with open(os.path.join(place, "backend", "user.py")) as file:
        return file.read().splitlines(), done.stderr


now, said = imports_of(os.path.join(scratch, "plain"))
assert now == ["import backend.alembic as alembic", "from backend.shapely import x", "import celery", "from backend.own import env"], now
assert "celery is in the package" in said and "own" not in said, said
for number, files in enumerate(
    (
        {"requirements-dev__txt": "# own\n-r own.txt\nAlembic>=1.13 # own\ngit+https://own/x#egg=shapely\n"},
        {"pyproject__toml": "[project]\nname = 'own'\ndependencies = [\n  'alembic==1',\n  \"shapely[own]>2\"\n]\n[tool.x]\ny = ['own']\n"},
        {"pyproject__toml": "[tool.poetry]\nname = 'own'\n[tool.poetry.dependencies]\nalembic = {version = '1', extras = ['own']}\nshapely = '2'\n"},
    )
):
    now, said = imports_of(os.path.join(scratch, f"asked{number}"), **files)
    assert now == ["import alembic", "from shapely import x", "import celery", "from backend.own import env"], (files, now)
    assert "alembic is in the package" in said and "shapely is in the package" in said and "own is" not in said, said

# What lies beside the importing file is what it means, unless that is the package's directory.
near = os.path.join(scratch, "near")
for name in ("conf.py", "util.py", "part/__init__.py", "jobs/conf.py", "jobs/part/__init__.py", "jobs/job.py", "main.py"):
    put(os.path.join(near, "backend", name), "import conf, util\nfrom part import x\n" if name.endswith(("job.py", "main.py")) else "")
put(os.path.join(near, "tools", "util.py"), "")
put(os.path.join(near, "tools", "tool.py"), "import conf\nimport util\n")
run(near)
for name, after in (
    ("backend/jobs/job.py", "import conf, backend.util as util\nfrom part import x\n"),
    ("backend/main.py", "import backend.conf as conf, backend.util as util\nfrom backend.part import x\n"),
    ("tools/tool.py", "import backend.conf as conf\nimport util\n"),
):
    with open(os.path.join(near, name)) as file:
        now = file.read()
    assert now == after, (name, now)

# The package itself as PATH, a deeper prefix, and wrong words.
put(os.path.join(scratch, "deep", "x", "y", "m.py"), "")
put(os.path.join(scratch, "deep", "main.py"), "import m\n")
run(os.path.join(scratch, "deep"), "--prefix", "x.y")
with open(os.path.join(scratch, "deep", "main.py")) as file:
    assert file.read() == "import x.y.m as m\n"
run(package, "--check")
assert "no package" in run(tree, "--prefix", "1.", expect=2).stderr
assert "there is no" in run(os.path.join(scratch, "nowhere"), expect=2).stderr
assert "neither in" in run(scratch, "--prefix", "frontend", expect=2).stderr
assert "Example" in run("--help").stdout
wide = [line for line in run("--help").stdout.splitlines() if len(line) > 120]
assert not wide, wide
