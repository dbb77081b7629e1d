"""What the generator cannot see in the views: refusals and examples.

A view names its own refusals by status and code in the extension ``x-problems``, such as
``{409: ["illegal_move"]}``; those that follow from the operation's shape are added here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from api_schema import examples, problems
from api_schema.components import FIELD_ERROR, PROBLEM, TEXT_MARK, TEXTS, problem_response

Operation = dict[str, Any]
ALL_ROLES = {"inspector", "manager", "department"}
METHODS = ("get", "put", "post", "patch", "delete")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    """Path, method and operation, of the whole description."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Document every refusal of every operation as one Problem component."""
    schemas = result["components"]["schemas"]
    schemas["FieldError"], schemas["Problem"] = FIELD_ERROR, PROBLEM
    shared = result["components"].setdefault("responses", {})
    known = problems.known()
    for path, method, operation in operations(result):
        for status, codes in sorted(_codes(path, method, operation).items()):
            # A code that is no refusal of its own is that of a broken rule: see docs/errors.md.
            titles = [known[c].title.en if c in known else "see `errors`" for c in codes]
            if any(c in known and known[c].status != status for c in codes):
                raise ValueError(f"{operation['operationId']}: {codes} do not answer {status}")
            response = problem_response(status, codes, titles)
            name = _shared_name(status, codes)
            if name and shared.setdefault(name, response) == response:
                response = {"$ref": f"#/components/responses/{name}"}
            operation["responses"][str(status)] = response
        operation["responses"] = dict(sorted(operation["responses"].items()))
        # A change may be empty; whatever else may break a rule has to be there.
        if "requestBody" in operation and "422" in operation["responses"] and method != "patch":
            operation["requestBody"]["required"] = True
    return result


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put the exchanges of ``api_schema/examples`` beside the operations that they call."""
    by_id = {operation["operationId"]: operation for _, _, operation in operations(result)}
    for example in examples.load():
        operation = by_id[example.operation]
        went_well = example.status < 400
        if example.request is not None and went_well:
            body = operation["requestBody"]["content"]["application/json"]
            _put(body, example.name, example.summary, example.request)
        for parameter in operation.get("parameters", ()):
            if went_well and parameter["name"] in example.path:
                parameter["example"] = example.path[parameter["name"]]
        response = operation["responses"][str(example.status)]
        if example.response is not None and "$ref" not in response:
            for content in response["content"].values():
                _put(content, example.name, example.summary, example.response)
    return result


def share_texts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say in one place which characters a text may hold."""
    names = {text["pattern"]: name for name, text in TEXTS.items()}
    _refer(result, names)
    result["components"]["schemas"] |= TEXTS
    return result


def _refer(node: Any, names: Mapping[str, str]) -> None:
    inner: Iterable[Any] = node if isinstance(node, list) else ()
    if isinstance(node, dict):
        inner = node.values()
        name = node.pop(TEXT_MARK, None) or names.get(node.get("pattern", ""))
        if name:
            node.pop("pattern", None)
            text = {"$ref": f"#/components/schemas/{name}"}
            may_be_null = "null" in node.pop("type")
            node |= {"anyOf": [text, {"type": "null"}]} if may_be_null else text
    for item in inner:
        _refer(item, names)


def _put(content: dict[str, Any], name: str, summary: str, value: Any) -> None:
    content.setdefault("examples", {})[name] = {"summary": summary, "value": value}


def _codes(path: str, method: str, operation: Operation) -> dict[int, list[str]]:
    """The refusals of an operation, by status."""
    codes: dict[int, list[str]] = defaultdict(list)
    codes[400] += ["malformed", "unknown_parameter"]
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "page_size" in parameters:
        codes[400].append("cursor_invalid")
    roles = set(operation["x-roles"])
    if "public" not in roles:
        codes[401] += ["not_authenticated", "session_revoked", "token_expired"]
        if roles != ALL_ROLES:
            codes[403].append("permission_denied")
    if "{" in path:
        codes[404].append("not_found")
    codes[406].append("not_acceptable")
    if method in ("put", "post", "patch"):
        codes[413].append("too_large")
        codes[415].append("unsupported_media_type")
    codes[503].append("unavailable")
    if method != "get":
        codes[507].append("storage_full")
    for status, own in operation.pop("x-problems", {}).items():
        codes[status] += [code for code in own if code not in codes[status]]
    return codes


_SHARED = {
    401: "NotAuthenticated",
    403: "PermissionDenied",
    404: "NotFound",
    406: "NotAcceptable",
    413: "TooLarge",
    415: "UnsupportedMediaType",
    503: "Unavailable",
    507: "StorageFull",
}


def _shared_name(status: int, codes: Sequence[str]) -> str | None:
    """The component for a refusal that many operations have in the same way."""
    if status == 400:
        return "MalformedList" if "cursor_invalid" in codes else "Malformed"
    return _SHARED.get(status)
