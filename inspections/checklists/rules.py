"""What holds of every checklist, however it was written. Rules Q1 to Q11 of
docs/rules/checklists.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from backend.common.errors import FieldError
from backend.common.printable import unprintable_texts
from backend.common.text import Bilingual
from inspections.checklists import formulas
from inspections.checklists.definition import ALL_COMMODITIES, BANDS

Status = Literal["draft", "published", "retired"]
Content = Mapping[str, Any]

# Q9: a published version is frozen; a retired one still scores what phones bring home late.
MOVES: Mapping[Status, Mapping[str, Status]] = {
    "draft": {"publish": "published"},
    "published": {"retire": "retired"},
    "retired": {},
}

_CODED_LISTS = (
    "sections",
    "rule_sets",
    "measures",
    "bag_types",
    "bag_proof_types",
    "targets",
    "provincial_indicators",
    "stall_modes",
)


def legal_moves(status: Status) -> list[str]:
    return list(MOVES[status])


def problems(content: Content) -> list[FieldError]:
    """What is wrong with content whose parts have the right shape; missing parts are skipped."""
    return [
        *_repeated_codes(content),
        *_count_problems(content),
        *_rule_set_problems(content),
        *_section_problems(content),
        *_item_problems(content),
        *_compliance_problems(content),
        *_formula_problems(content),
        *unprintable_texts(content, ""),  # Q10: records copy them
    ]


def _entries(parent: Content, key: str, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each readable entry of a list with its pointer."""
    for index, entry in enumerate(parent.get(key) or ()):
        if isinstance(entry, dict):
            yield f"{at}/{key}/{index}", entry


def _items(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, section in _entries(content, "sections", ""):
        yield from _entries(section, "items", at)


def _error(pointer: str, code: str, vi: str, en: str) -> FieldError:
    return FieldError(pointer, code, Bilingual(vi, en))


def _repeated_codes(content: Content) -> Iterator[FieldError]:
    """Q1: a code names one thing; item codes are unique in the whole checklist."""
    lists: list[Iterable[tuple[str, dict[str, Any]]]] = [_items(content)]
    lists += [_entries(content, key, "") for key in _CODED_LISTS]
    lists.append(_entries(content.get("compliance") or {}, "levels", "/compliance"))
    for entries in lists:
        seen = set()
        for at, entry in entries:
            code = entry.get("code")
            if code is not None and code in seen:
                yield _error(
                    f"{at}/code", "duplicate_code", f"Mã {code} bị lặp.", f"{code} is used twice."
                )
            seen.add(code)


def _count_problems(content: Content) -> Iterator[FieldError]:
    """Q2: a stated number of items guards against a lost one."""
    stated, counted = content.get("item_count"), sum(1 for _ in _items(content))
    if stated is not None and stated != counted:
        yield _error(
            "/item_count",
            "item_count_differs",
            f"Có {counted} tiêu chí.",
            f"There are {counted} items.",
        )


def _rule_set_problems(content: Content) -> Iterator[FieldError]:
    """Q3: known rule sets with exactly their bands, in order, within 0 and 100 percent."""
    codes = [entry.get("code") for _, entry in _entries(content, "rule_sets", "")]
    if content.get("rule_set") is not None and content["rule_set"] not in codes:
        yield _error(
            "/rule_set",
            "unknown_rule_set",
            "Quy tắc này không có trong rule_sets.",
            "This rule set is not among rule_sets.",
        )
    for at, entry in _entries(content, "rule_sets", ""):
        names = BANDS.get(entry.get("code", ""))
        bands = entry.get("bands", {})
        if names is None:
            if "code" in entry:
                listed = ", ".join(BANDS)
                yield _error(
                    f"{at}/code", "unknown_rule_set", f"Chỉ có: {listed}.", f"One of: {listed}."
                )
        elif "bands" in entry and set(bands) != set(names):
            listed = ", ".join(names)
            yield _error(f"{at}/bands", "bad_bands", f"Cần đúng: {listed}.", f"Exactly: {listed}.")
        elif bands and not 0 <= Decimal(bands[names[1]]) <= Decimal(bands[names[0]]) <= 100:
            yield _error(
                f"{at}/bands",
                "bad_bands",
                "Các mức phải tăng dần trong khoảng 0 đến 100.",
                "The bands must rise within 0 and 100.",
            )


def _section_problems(content: Content) -> Iterator[FieldError]:
    """Q4: a section of stalls is for all or for a known commodity, any other for all."""
    commodities = content.get("commodities", {})
    for at, section in _entries(content, "sections", ""):
        commodity = section.get("commodity", ALL_COMMODITIES)
        if commodity == ALL_COMMODITIES:
            continue
        if section.get("scope") != "stall" or commodity not in commodities:
            yield _error(
                f"{at}/commodity",
                "unknown_commodity",
                "Nhóm hàng không có trong commodities, hoặc phần này không thuộc quầy.",
                "No such commodity, or the section is not one of stalls.",
            )
    if ALL_COMMODITIES in commodities:
        yield _error(
            f"/commodities/{ALL_COMMODITIES}",
            "unknown_commodity",
            '"all" nghĩa là mọi nhóm hàng.',
            '"all" means every commodity.',
        )


def _item_problems(content: Content) -> Iterator[FieldError]:
    for at, item in _items(content):
        answer = item.get("answer", {})
        yield from _threshold_problems(f"{at}/answer", answer)
        yield from _option_problems(f"{at}/answer", answer)
        if "na_when" in item and item.get("na_allowed") is False:  # Q7
            yield _error(
                f"{at}/na_when",
                "na_not_allowed",
                "na_when chỉ dùng khi na_allowed là true.",
                "na_when goes with na_allowed: true.",
            )


def _threshold_problems(at: str, answer: Content) -> Iterator[FieldError]:
    """Q5: a threshold that can be met and missed: a share of 100, not below the minimum."""
    if "threshold" not in answer:
        return
    threshold = Decimal(answer["threshold"])
    if answer["type"] == "ratio" and not 0 <= threshold <= 100:
        yield _error(
            f"{at}/threshold",
            "bad_threshold",
            "Ngưỡng của tỷ lệ từ 0 đến 100.",
            "The threshold of a ratio is from 0 to 100.",
        )
    if "minimum" in answer and threshold < Decimal(answer["minimum"]):
        least = answer["minimum"]
        yield _error(
            f"{at}/threshold",
            "bad_threshold",
            f"Ngưỡng nhỏ hơn giá trị nhỏ nhất ({least}).",
            f"The threshold is below the smallest value ({least}).",
        )


def _option_problems(at: str, answer: Content) -> Iterator[FieldError]:
    """Q6: options differ, and those that pass are among them."""
    options = [option for option in answer.get("options") or () if option is not None]
    for index, option in enumerate(options):
        if option in options[:index]:
            yield _error(
                f"{at}/options/{index}",
                "duplicate_code",
                f"Lựa chọn {option} bị lặp.",
                f"{option} is given twice.",
            )
    for index, option in enumerate(answer.get("pass_options") or ()):
        if "options" in answer and option is not None and option not in options:
            yield _error(
                f"{at}/pass_options/{index}",
                "unknown_option",
                f"{option} không có trong options.",
                f"{option} is not among options.",
            )


def _compliance_problems(content: Content) -> Iterator[FieldError]:
    """Q8: levels speak of items, measures and targets that are there."""
    known = {
        "must_pass": {item.get("code") for _, item in _items(content)},
        "counts_for": {target.get("code") for _, target in _entries(content, "targets", "")},
    }
    known["may_be_na"] = known["must_pass"]
    measures = {measure.get("code") for _, measure in _entries(content, "measures", "")}
    for at, level in _entries(content.get("compliance") or {}, "levels", "/compliance"):
        for key, codes in known.items():
            for index, code in enumerate(level.get(key) or ()):
                if code is not None and code not in codes:
                    yield _unknown_code(f"{at}/{key}/{index}", code)
        measure = (level.get("reported") or {}).get("measure")
        if measure is not None and measure not in measures:
            yield _unknown_code(f"{at}/reported/measure", measure)


def _formula_problems(content: Content) -> Iterator[FieldError]:
    """Q11: a derived measure can be computed. What it names may come from elsewhere."""
    for at, measure in _entries(content, "measures", ""):
        formula = measure.get("formula")
        if isinstance(formula, str) and not formulas.is_formula(formula):
            yield _error(
                f"{at}/formula",
                "invalid",
                "Chỉ gồm số liệu, số nguyên, + - * / và dấu ngoặc.",
                "Only measures, whole numbers, + - * / and parentheses.",
            )


def _unknown_code(pointer: str, code: str) -> FieldError:
    return _error(
        pointer, "unknown_code", f"Không có {code} trong phiếu.", f"There is no {code} here."
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """``changed``: per item code the fields that differ, as (before, after).

    ``other``: parts of the checklist besides its items that differ, by key.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, Mapping[str, tuple[Any, Any]]]
    other: tuple[str, ...]


def difference(before: Content, after: Content) -> Difference:
    """What a phone or a reader must know to go from one version to the other.

    Nested fields have dotted names (``answer.threshold``); the section of an item and its
    scope and commodity count as fields of the item. Order alone is no difference.
    """
    old, new = _flat_items(before), _flat_items(after)
    changed = {
        code: {
            name: (old[code].get(name), new[code].get(name))
            for name in dict.fromkeys([*old[code], *new[code]])
            if old[code].get(name) != new[code].get(name)
        }
        for code in new
        if code in old and old[code] != new[code]
    }
    keys = dict.fromkeys([*before, *after])
    ignored = {"sections", "version", "item_count"}
    return Difference(
        added=tuple(code for code in new if code not in old),
        removed=tuple(code for code in old if code not in new),
        changed=changed,
        other=tuple(k for k in keys if k not in ignored and before.get(k) != after.get(k)),
    )


def _flat_items(content: Content) -> dict[str, dict[str, Any]]:
    return {
        item["code"]: {
            "section": section["code"],
            "scope": section["scope"],
            "commodity": section["commodity"],
            **_flat(item),
        }
        for section in content["sections"]
        for item in section["items"]
    }


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            flat |= _flat(inner, f"{prefix}{key}.")
        else:
            flat[prefix + key] = inner
    return flat
