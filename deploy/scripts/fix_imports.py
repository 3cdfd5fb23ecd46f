#!/usr/bin/env python3
"""Adds a package's name to the imports of modules that live in that package.

usage: fix_imports.py [PATH] [--prefix backend.] [--check] [--dry-run]

A tree that began as scripts beside each other says "import models"; once it is the package "backend" it has to say
"import backend.models". This rewrites such imports in every .py file under PATH (the current directory unless given):

    import models                   import backend.models as models
    import models as m              import backend.models as m
    import models.user              import backend.models.user; from backend import models
    from models import User         from backend.models import User

What lives in the package is read from its directory: PATH itself when it is called like the package, else PATH/backend.
A directory without __init__.py (alembic/, of migrations) doesn't count when something of that name is installed, or a
requirements*.txt or pyproject.toml asks for it: then it is named. Everything else is left alone: the standard library,
third-party and relative imports, those of what lies beside the importing file, those with the prefix, strings,
comments, line endings, encodings. Files that don't parse are left alone and named.

  --prefix P   the package, with or without the dot at its end (backend.)
  --check      change nothing; the status is 1 when there is work
  --dry-run    change nothing; print what would be changed as a diff

Status: 0 done, or nothing to do; 1 --check found work, or a file could not be read; 2 wrong usage.

Example: fix_imports.py src --prefix backend. --dry-run
"""

import argparse
import ast
import difflib
import fnmatch
import functools
import importlib.util
import os
import re
import sys
import tokenize

SKIPPED = {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__", "site-packages"}


class Unreadable(Exception):
    """A file that is no Python, or whose text can't be told."""


def members(package_directory):
    """The modules and packages that lie directly in the package."""
    found = set()
    for entry in os.scandir(package_directory):
        name, extension = os.path.splitext(entry.name)
        if entry.is_file() and extension == ".py" and name != "__init__" and name.isidentifier():
            found.add(name)
        elif entry.is_dir() and entry.name.isidentifier() and entry.name not in SKIPPED and holds_python(entry.path):
            found.add(entry.name)
    return found


def without_init(package_directory, modules):
    """Those of its members that are directories without __init__.py, which an installed package of that name goes before."""
    return {
        name
        for name in modules
        if not os.path.isfile(os.path.join(package_directory, name + ".py")) and not is_package(os.path.join(package_directory, name))
    }


def is_package(directory):
    return os.path.isfile(os.path.join(directory, "__init__.py"))


def is_installed(name, package_directory):
    """Whether Python finds it elsewhere than in the package or beside this script."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    if spec is None:
        return False
    places = list(spec.submodule_search_locations or []) or [spec.origin or ""]
    own = (os.path.join(os.path.realpath(package_directory), ""), os.path.join(os.path.dirname(os.path.realpath(__file__)), ""))
    return not all(os.path.realpath(place).startswith(own) for place in places)


def required(directories):
    """The distributions that requirements*.txt and pyproject.toml there ask for, written as modules are."""
    names = set()
    for path in directories:
        base = os.path.basename(path)
        listed = fnmatch.fnmatch(base, "requirements*.txt") or fnmatch.fnmatch(path, "*/requirements/*.txt")
        if not listed and base != "pyproject.toml":
            continue
        try:
            with open(path, encoding="utf-8-sig", errors="replace") as file:
                text = file.read()
        except OSError as wrong:
            print(f"fix_imports.py: {path} can't be read: {wrong}", file=sys.stderr)
            continue
        names.update(of_requirements(text) if listed else of_pyproject(text))
    return {re.sub(r"[-_.]+", "_", name).lower() for name in names}


def of_requirements(text):
    """A line is NAME[extras] >= 1, NAME @ URL, a URL that may say #egg=NAME, or an option."""
    for line in text.splitlines():
        found = re.match(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:$|[\[<>=!~;@#,(])", line) or re.search(r"[#&]egg=([A-Za-z0-9][\w.-]*)", line)
        if found:
            yield found.group(1)


def of_pyproject(text):
    """The strings of lists of dependencies, and the keys of tables of them. Python before 3.11 has no reader of TOML."""
    table, in_list = "", False
    for line in text.splitlines():
        header = re.match(r"\s*\[+([^\]\"',]+)\]+\s*(?:#|$)", line)
        if header:
            table, in_list = header.group(1).strip(), False
            continue
        of_dependencies = table.endswith("dependencies") or table == "dependency-groups"
        key = re.match(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*=(?!=)""", line)
        if key:
            name = key.group(1) or key.group(2) or key.group(3)
            keyed = of_dependencies and table.startswith("tool.")
            in_list = not keyed and (of_dependencies or name.endswith("dependencies"))
            if keyed:
                yield name
        if in_list:
            yield from re.findall(r"[\"']\s*([A-Za-z0-9][\w.-]*)", line)


def files_around(path, top):
    """The files in what is rewritten and in the package, and those beside the package."""
    for root in {os.path.realpath(path), os.path.realpath(top)}:
        for directory, subdirectories, names in os.walk(root):
            subdirectories[:] = [name for name in subdirectories if name not in SKIPPED]
            yield from (os.path.join(directory, name) for name in names)
    yield from (entry.path for entry in os.scandir(os.path.dirname(os.path.realpath(top))) if entry.is_file())


def beside(path, package_directory):
    """What Python finds beside the file when it is run: that goes before the package's."""
    directory = os.path.dirname(os.path.realpath(path))
    return set() if directory == os.path.realpath(package_directory) else lying_in(directory)


@functools.lru_cache(maxsize=None)
def lying_in(directory):
    """The modules and the packages with __init__.py."""
    found = set()
    for entry in os.scandir(directory):
        name, extension = os.path.splitext(entry.name)
        if (extension == ".py" and entry.is_file()) or is_package(entry.path):
            found.add(name)
    return found


def standard_library():
    """The names of the standard library's modules; before Python 3.10 they are read from its directory."""
    names = getattr(sys, "stdlib_module_names", None)
    if names is None:
        names = set(sys.builtin_module_names)
        names.update(os.path.splitext(entry)[0] for entry in os.listdir(os.path.dirname(os.__file__)))
    return set(names)


def holds_python(directory):
    """A package, with or without __init__.py, of whatever depth."""
    return any(name.endswith(".py") for _, _, names in os.walk(directory) for name in names)


def python_files(path):
    if os.path.isfile(path):
        yield path
        return
    for directory, subdirectories, names in os.walk(path):
        subdirectories[:] = sorted(name for name in subdirectories if name not in SKIPPED)
        for name in sorted(names):
            if name.endswith(".py"):
                yield os.path.join(directory, name)


def read(path):
    """The text with its line endings as they are, its encoding, and its byte order mark if it has one."""
    try:
        with open(path, "rb") as file:
            raw = file.read()
        with open(path, "rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        return raw.decode(encoding), encoding
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError) as wrong:
        raise Unreadable(str(wrong)) from wrong


def parse(text):
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as wrong:
        raise Unreadable(str(wrong)) from wrong


class Lines:
    """Where the positions that ast tells (line, byte of UTF-8) are in the text."""

    def __init__(self, text):
        self.starts = [0]
        # What Python takes for an end of line, which is less than str.splitlines does.
        position = 0
        while position < len(text):
            if text[position] == "\r" and text[position + 1 : position + 2] == "\n":
                position += 1
            if text[position] in "\r\n":
                self.starts.append(position + 1)
            position += 1
        self.text = text

    def offset(self, line, byte):
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode("utf-8")[:byte].decode("utf-8"))


def rewritten(text, prefix, modules):
    """The text with its imports put right; the very same when there is nothing to do."""
    tree = parse(text)
    lines = Lines(text)
    edits = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module and first(node.module) in modules:
            start = lines.offset(node.lineno, node.col_offset)
            edits.append(insertion(text, start + len("from"), node.module, prefix))
        elif isinstance(node, ast.Import):
            edits.extend(plain_import(text, lines, node, prefix, modules))
    changed = text
    for start, end, replacement in sorted(edits, reverse=True):
        changed = changed[:start] + replacement + changed[end:]
    if changed != text:
        parse(changed)
    return changed


def plain_import(text, lines, node, prefix, modules):
    """Every name that was bound stays bound to the same module, so that nothing else has to change."""
    dotted = []
    for alias in node.names:
        if first(alias.name) not in modules:
            continue
        start, end = alias_place(lines, node, alias, text)
        if alias.asname:
            yield start, start, prefix
        elif "." not in alias.name:
            yield start, end, f"{prefix}{alias.name} as {alias.name}"
        else:
            # It bound the first name, which "as" can't: that one is imported beside it.
            yield start, start, prefix
            if first(alias.name) not in dotted:
                dotted.append(first(alias.name))
    if dotted:
        end = lines.offset(node.end_lineno, node.end_col_offset)
        yield end, end, f"; from {prefix[:-1]} import {', '.join(dotted)}"


def first(module):
    return module.split(".")[0]


def insertion(text, position, module, prefix):
    """Before the module's name, which follows after blanks and maybe on a line that goes on."""
    while position < len(text) and not text[position].isidentifier():
        position += 1
    if not text.startswith(first(module), position):
        raise Unreadable(f"an import of {module} is written in a way that is not understood")
    return position, position, prefix


def alias_place(lines, node, alias, text):
    """Where the dotted name of an import begins and ends. Python before 3.10 doesn't tell: it is searched for."""
    if hasattr(alias, "lineno"):
        start = lines.offset(alias.lineno, alias.col_offset)
    else:
        start = lines.offset(node.lineno, node.col_offset) + len("import")
        for earlier in node.names:
            while not text[start].isidentifier():
                start += 1
            if earlier is alias:
                break
            start = text.index(",", start) + 1
    if not text.startswith(alias.name, start):
        raise Unreadable(f"an import of {alias.name} is written in a way that is not understood")
    return start, start + len(alias.name)


def write(path, text, encoding):
    """The old file or the new one, never half of it; its mode stays."""
    path = os.path.realpath(path)
    beside = path + ".fix_imports"
    try:
        with open(beside, "wb") as file:
            file.write(text.encode(encoding))
        os.chmod(beside, os.stat(path).st_mode & 0o7777)
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise


def package_directory(path, package):
    start = path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path))
    whole = os.path.abspath(start)
    inside = os.path.join(whole, package)
    if os.path.isdir(inside):
        return inside
    while True:
        if os.path.basename(whole) == package:
            return whole
        above = os.path.dirname(whole)
        if above == whole:
            return None
        whole = above


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="fix_imports.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    parser.add_argument("path", nargs="?", default=".")
    parser.add_argument("--prefix", default="backend.")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args(arguments)
    # A name of a file may be anything.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    prefix = given.prefix.rstrip(".") + "."
    if not all(part.isidentifier() for part in prefix[:-1].split(".")):
        parser.error(f'--prefix is "{given.prefix}", which is no package\'s name')
    if not os.path.exists(given.path):
        parser.error(f"there is no {given.path}")
    top = directory = package_directory(given.path, prefix[:-1].split(".")[0])
    for part in prefix[:-1].split(".")[1:]:
        directory = directory and os.path.join(directory, part)
    if not directory or not os.path.isdir(directory):
        parser.error(f"the package {prefix[:-1]} lies neither in {given.path} nor above it; name its directory, or --prefix")
    # One called like the package is the package, for whoever imports it.
    modules = members(directory) - {prefix.split(".")[0]}
    for name in sorted(modules & standard_library()):
        print(f"fix_imports.py: {name} is in the package and in the standard library: its imports are left alone", file=sys.stderr)
    modules -= standard_library()
    doubtful = without_init(directory, modules)
    wanted = required(files_around(given.path, top)) if doubtful else set()
    for name in sorted(doubtful):
        if name.lower() in wanted or is_installed(name, directory):
            print(
                f"fix_imports.py: {name} is in the package without __init__.py, and a third party's too: its imports are left alone",
                file=sys.stderr,
            )
            modules.discard(name)
    work = failures = 0
    for path in python_files(given.path):
        try:
            text, encoding = read(path)
            changed = rewritten(text, prefix, modules - beside(path, directory))
            if changed == text:
                continue
            work += 1
            if given.dry_run:
                sys.stdout.writelines(
                    difflib.unified_diff(text.splitlines(True), changed.splitlines(True), path, path + " (fixed)")
                )
            elif given.check:
                print(f"{path}: imports lack {prefix}")
            else:
                write(path, changed, encoding)
                print(f"fixed {path}")
        except (Unreadable, OSError) as wrong:
            failures += 1
            print(f"fix_imports.py: {path} is left alone: {wrong}", file=sys.stderr)
    if given.check and work:
        return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
