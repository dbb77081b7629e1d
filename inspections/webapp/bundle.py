"""The modules of the phone app as one file, for a network on which each request costs a second.

Each module becomes a function that is called at once and gives what the module exports, after
those that it imports. That needs no build tool because our modules keep to a few forms: imports
at the beginning of a line with a relative address in double quotes, exports of functions,
classes and constants that are never assigned again, and no cycles. What is imported lazily and
imports nothing itself stays a file of its own.
"""

import posixpath
import re
from collections.abc import Callable, Iterator

# At the beginning of a line, so that types named in comments are left alone.
STATIC_IMPORT = (
    r'(?m)^(?P<matched>(?P<head>(?:import|export)\b(?:[^"\'`;]*?\bfrom)?\s*)'
    r'"(?P<url>\.{1,2}/[^"]+)")'
)
LAZY_IMPORT = r'(?P<matched>(?P<head>await import\()"(?P<url>\.{1,2}/[^"]+)")'

_IMPORT = re.compile(r'(?m)^import\b(?P<names>[^"\'`;]*?)(?:\bfrom)?\s*"(?P<url>[^"]+)";?')
_LAZY = re.compile(r'await import\("(?P<url>[^"]+)"\)')
_EXPORTED = re.compile(
    r"(?m)^export (?P<what>(?:async )?function\*? |class |const )(?P<name>[\w$]+)"
)
_PASSED_ON = re.compile(r'(?m)^export \{(?P<names>[^}]*)\} from "(?P<url>[^"]+)";')
_LISTED = re.compile(r"\bexport ?\{(?P<names>[^}]*)\};?")
_DEFAULT = re.compile(r"\bexport default ")
_LINE_REMARK = re.compile(r"(?m)^[ \t]*//.*\n")
_BLOCK_REMARK = re.compile(r"(?ms)^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n")
_CAST = re.compile(r"/\*\* @(?:type|template)[^*]*\*/ ?")
# The minifier joins neighbouring declarations, and then puts an unpacked one before those that it
# needs. It joins nothing over a statement in between.
_UNPACKED = re.compile(r"(?m)^(?=(?:const|let) [\[{])")
_INDENT = re.compile(r"(?m)^[ \t]+|\n(?=\n)")

Read = Callable[[str], str]


def bundle(main: str, read: Read) -> dict[str, str]:
    """``main`` with all that it imports, as parts to be put one after the other, by module.

    ``read`` gives a module by its name. Raises ValueError where modules import each other in a
    circle or keep to other forms.
    """
    names = in_order(main, read)
    numbers = {name: f"${number}" for number, name in enumerate(names)}
    return {name: _wrapped(name, read(name), numbers, main) for name in names}


def left_over(main: str, read: Read) -> list[str]:
    """What stays a file of its own: imported lazily, importing nothing."""
    inside = in_order(main, read)
    lazy = [_beside(name, url) for name in inside for url in addresses(read(name), LAZY_IMPORT)]
    return [name for name in dict.fromkeys(lazy) if name not in inside]


def in_order(main: str, read: Read) -> list[str]:
    """The modules of the bundle, imported ones first. Raises ValueError for a circle."""
    done: dict[str, None] = {}
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in open_:
            raise ValueError(f"modules import each other: {' > '.join([*open_, name])}")
        open_.append(name)
        for url in addresses(read(name), STATIC_IMPORT):
            visit(_beside(name, url))
        open_.pop()
        done[name] = None

    def later(name: str) -> Iterator[str]:
        targets = (_beside(name, url) for url in addresses(read(name), LAZY_IMPORT))
        return (target for target in targets if addresses(read(target), STATIC_IMPORT))

    visit(main)
    waiting = list(done)
    while waiting:
        for target in later(waiting.pop()):
            if target not in done:
                known = set(done)
                visit(target)
                waiting += set(done) - known
    # The main module runs when everything is there.
    return [name for name in done if name != main] + [main]


def addresses(source: str, pattern: str) -> list[str]:
    """The relative addresses that ``source`` imports by ``pattern``."""
    return [found["url"] for found in re.finditer(pattern, source)]


def _wrapped(name: str, source: str, numbers: dict[str, str], main: str) -> str:
    def imported(found: re.Match[str]) -> str:
        return _destructured(found["names"].strip(), numbers[_beside(name, found["url"])])

    def later(found: re.Match[str]) -> str:
        target = _beside(name, found["url"])
        if target in numbers:
            return f"await {numbers[target]}"
        return f'await import("{_relative(target, main)}")'

    exported: dict[str, str] = {}

    def passed_on(found: re.Match[str]) -> str:
        origin = numbers[_beside(name, found["url"])]
        exported.update((part, f"{origin}.{part}") for part in _listed(found["names"]))
        return ""

    body = _PASSED_ON.sub(passed_on, _bare(source))
    body = _LAZY.sub(later, _IMPORT.sub(imported, body))
    for found in _EXPORTED.finditer(body):
        exported[found["name"]] = found["name"]
    body = _EXPORTED.sub(r"\g<what>\g<name>", body)
    for found in _LISTED.finditer(body):
        for part in _listed(found["names"]):
            own, _, other = part.partition(" as ")
            exported[other or own] = own
    body = _LISTED.sub("", body)
    if _DEFAULT.search(body):
        exported["default"] = "$default"
        body = _DEFAULT.sub("const $default = ", body)
    if re.search(r"(?m)^(?:import|export)\b", body):
        raise ValueError(f"{name}: an import or export of another form")
    given = ", ".join(k if k == v else f"{k}: {v}" for k, v in exported.items())
    return f"const {numbers[name]} = (() => {{\n{body.strip()}\nreturn {{ {given} }};\n}})();"


def _destructured(names: str, source: str) -> str:
    """The names of an import, taken from the object of a module."""
    if names.startswith("* as "):
        return f"const {names.removeprefix('* as ')} = {source};"
    if names.startswith("{"):
        pairs = [re.sub(r"\s+as\s+", ": ", part) for part in _listed(names.strip("{}"))]
        return f"const {{ {', '.join(pairs)} }} = {source};"
    if re.fullmatch(r"[\w$]+", names):
        return f"const {names} = {source}.default;"
    raise ValueError(f"an import of another form: {names}")


def _listed(names: str) -> list[str]:
    return [part.strip() for part in names.split(",") if part.strip()]


def _bare(source: str) -> str:
    """Without remarks and indentation: half of what a phone would fetch."""
    for pattern in (_BLOCK_REMARK, _LINE_REMARK, _CAST, _INDENT):
        source = pattern.sub("", source)
    return _UNPACKED.sub("0;", source)


def _beside(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _relative(target: str, main: str) -> str:
    found = posixpath.relpath(target, posixpath.dirname(main))
    return found if found.startswith(".") else f"./{found}"
