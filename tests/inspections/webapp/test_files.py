"""What the app is made of: libraries as published, small, named by content, all of it offline."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.test import Client, override_settings

from backend.env import BASE_DIR
from inspections.webapp import assets
from inspections.webapp.bundle import LAZY_IMPORT, STATIC_IMPORT, addresses, bundle
from inspections.webapp.storage import FOLDER, MAIN, ModuleStorage, minified, read
from tests.inspections.webapp.lab import Lab

APP = BASE_DIR / "inspections" / "webapp"
STATIC = APP / "static" / FOLDER
MODULES = sorted(STATIC.rglob("*.js"))
LIMIT = 70 * 1024


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's files as production serves them: bundled, hashed, compressed."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root, DEBUG=False, WHITENOISE_KEEP_ONLY_HASHED_FILES=True):
        storage = ModuleStorage(location=root)
        found = {
            name: (files, name)
            for finder in get_finders()
            for name, files in finder.list([])
            if name.startswith(FOLDER)
        }
        for name, (files, _) in found.items():
            with files.open(name) as file:
                storage.save(name, file)
        for name, _, processed in storage.post_process(found):
            assert not isinstance(processed, Exception), f"{name}: {processed}"
    return root / FOLDER


def scripts(collected: Path) -> dict[str, Path]:
    """By their names without hash."""
    return {re.sub(r"\.[0-9a-f]{12}", "", path.name): path for path in collected.rglob("*.js")}


def test_every_library_is_as_it_was_committed() -> None:
    lines = (APP / "vendor.sha256").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}

    vendor = STATIC / "vendor"
    here = {p.name for p in [*vendor.glob("*.js"), *vendor.glob("LICENSE.*")]}
    assert here == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name


def test_every_library_has_its_licence_and_its_line() -> None:
    page = (APP / "vendor.md").read_text(encoding="utf-8")

    for package in ("preact", "htm", "idb"):
        assert (STATIC / "vendor" / f"LICENSE.{package}.txt").is_file()
        assert f"| {package} " in page


def test_no_address_is_recorded_where_packages_come_from() -> None:
    lock = json.loads((BASE_DIR / ".ci" / "node" / "package-lock.json").read_text())

    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_the_modules_are_one_file_and_what_is_seldom_needed(collected: Path) -> None:
    found = scripts(collected)

    assert set(found) == {"main.js", "qr.js"}
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", path.name) for path in found.values())
    assert len(list(collected.rglob("*.js"))) == len(found)
    main = found["main.js"].read_text(encoding="utf-8")
    lazy = [(found["main.js"].parent / url).resolve() for url in addresses(main, LAZY_IMPORT)]
    assert lazy == [found["qr.js"]]
    assert addresses(main, STATIC_IMPORT) == []


def test_all_scripts_together_are_small(collected: Path) -> None:
    packed = [path.with_name(f"{path.name}.gz") for path in scripts(collected).values()]
    sizes = {path.name: path.stat().st_size for path in packed}
    worker = len(gzip.compress(Client().get("/app/sw.js").content, 9))

    assert sum(sizes.values()) + worker <= LIMIT, sizes


def test_a_library_stays_as_it_was_published() -> None:
    parts = bundle(MAIN, read)

    short = minified(parts)

    library = f"{FOLDER}vendor/preact.js"
    assert short[library] == parts[library]
    assert len(short[MAIN]) < len(parts[MAIN])
    assert short.keys() == parts.keys()


@pytest.mark.parametrize("known", ["const", "let"])
@pytest.mark.parametrize("taken", ["const [b] = g((a || 1));", "const { b } = g({ a });"])
def test_the_minifier_leaves_the_order_of_statements(known: str, taken: str) -> None:
    source = f"function h() {{\n  {known} a = f();\n  {taken}\n  return [a, b];\n}}\nh();\n"

    script = "".join(minified(bundle("app/main.js", {"app/main.js": source}.__getitem__)).values())

    assert 0 <= script.index("f()") < script.index("g(")


def test_a_bundle_does_what_its_modules_do(desk: Lab) -> None:
    sources = {
        "app/main.js": 'import { a as first, B } from "./logic/a.js";\n'
        'import * as all from "./logic/a.js";\nimport given from "./logic/b.js";\n'
        '// import x from "./nowhere.js"\n/** @typedef {import("./nowhere.js").X} X */\n'
        "globalThis.told = (async () => [first(), new B().name, all.c + all.e, given(),\n"
        '  (await import("./logic/d.js")).d])();\n',
        "app/logic/a.js": 'import\n{ e } from "./b.js";\nexport function a() {\n  return e;\n}\n'
        "/**\n * Two lines.\n */\nexport class B {\n  /** @type {string} */ name = `b`;\n}\n"
        "export const c = 1;\n"
        'export { e, default } from "./b.js";\n',
        "app/logic/b.js": "var n=2;export default function(){return n}\nexport{n as e};\n",
        "app/logic/d.js": 'import { c } from "./a.js";\nexport const d = c + 10;\n',
    }

    script = "\n".join(minified(bundle("app/main.js", sources.__getitem__)).values())

    assert desk.run(f"{script}\nreturn await globalThis.told;") == [2, "b", 3, 2, 11]


def test_modules_that_import_each_other_are_refused() -> None:
    circle = {"app/main.js": 'import "./a.js";\n', "app/a.js": 'import "./main.js";\n'}

    with pytest.raises(ValueError, match=r"main\.js > app/a\.js > app/main\.js"):
        bundle("app/main.js", circle.__getitem__)


@pytest.mark.parametrize("form", ["export default 1;\nexport * from './a.js';", "import a from b;"])
def test_other_forms_than_ours_are_refused(form: str) -> None:
    with pytest.raises(ValueError, match="another form"):
        bundle("app/main.js", {"app/main.js": form}.__getitem__)


def test_no_module_is_long() -> None:
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if "vendor" not in path.parts and "texts" not in path.parts
    }

    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_the_page_has_nothing_inline_and_names_no_other_host() -> None:
    answer = Client().get("/app/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-cache"
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "<style" not in page
    assert re.findall(r"\sstyle=|\son\w+=", page) == []
    assert re.findall(r"(?:src|href)=\"(?!/)", page) == []


def test_the_page_loads_every_module_at_once() -> None:
    page = Client().get("/app/").content.decode()

    preloads = re.findall(r'<link rel="modulepreload" href="([^"]+)"', page)
    assert preloads == [assets.url(name) for name in assets.needed_at_once()]
    assert assets.url(MAIN) in preloads
    assert f'<meta name="version" content="{assets.version()}">' in page


def test_the_worker_keeps_everything_that_the_page_needs() -> None:
    answer = Client().get("/app/sw.js")
    script = answer.content.decode()

    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    # A worker's own requests stand under the policy of its script.
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    kept = json.loads(re.findall(r"^const ASSETS = (.*);$", script, re.MULTILINE)[0])
    page = Client().get("/app/").content.decode()
    asked = set(re.findall(rf'"({settings.STATIC_URL}[^"]+)"', page))
    assert asked <= set(kept)
    assert f'const VERSION = "{assets.version()}";' in script


@pytest.mark.parametrize("address", ["/app/", "/app/sw.js", "/app/manifest.webmanifest"])
def test_what_is_known_already_is_not_sent_again(address: str) -> None:
    etag = Client().get(address)["ETag"]

    again = Client().get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_the_app_can_be_installed() -> None:
    answer = Client().get("/app/manifest.webmanifest")
    manifest = answer.json()

    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/app/", "/app/", "standalone",
    )  # fmt: skip
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}
    for icon in manifest["icons"]:
        assert (APP / "static" / icon["src"].removeprefix(settings.STATIC_URL)).is_file()


def test_the_page_takes_no_other_verb() -> None:
    assert Client().post("/app/").status_code == 405
