"""What a checklist version asks, as frozen values made from its stored content.

``parse`` reads the plain dict that ``ChecklistVersion.content`` holds (shape in
docs/rules/checklists.md). Content that passed ``checklists.rules.problems``
parses; anything else is a programming error and raises ``KeyError`` or ``ValueError``.

Parse a version once and keep it: the look-ups below are made on first use and
stay on the object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from backend.common.text import Bilingual

AnswerType = Literal["pass_fail", "number", "ratio", "document", "choice"]
Level = Literal["A", "B"]
PhotoRule = Literal["always", "on_fail", "never"]
Scope = Literal["establishment", "stall"]

ALL_COMMODITIES = "all"
CITABLE = frozenset({"verified", "secondary"})  # the reference statuses a record may print
EARLY_SEVERITY = "minor"  # what an item counts as before its mandatory_from

# The bands that each rule set needs, in percent, lowest verdict last.
BANDS: Mapping[str, tuple[str, str]] = {
    "TCVN_AB": ("pass_above", "to_complete_from"),
    "POINTS100": ("pass_from", "to_complete_from"),
}


@dataclass(frozen=True, slots=True)
class Reference:
    text: str
    status: str

    @property
    def is_citable(self) -> bool:
        return self.status in CITABLE


@dataclass(frozen=True, slots=True)
class Severity:
    code: str
    name: Bilingual
    points: int
    level: Level
    correct_within_days: int


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """How an item is answered. Fields that its type does not use keep their default.

    ``threshold`` is a percentage for a ratio, else in ``unit``; ``minimum`` is the
    smallest value that can be (None: none).
    """

    type: AnswerType
    unit: str = ""
    op: str = ""
    threshold: Decimal = Decimal(0)
    threshold_fraction: tuple[int, int] = (0, 1)
    minimum: Decimal | None = None
    expires: bool = False
    options: tuple[str, ...] = ()
    pass_options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    section: str
    scope: Scope
    text: Bilingual
    severity: str
    level: Level
    points: int
    answer: AnswerSpec
    photo: PhotoRule
    na_allowed: bool
    references: tuple[Reference, ...] = ()
    na_when: Bilingual | None = None
    note_vi: str = ""
    mandatory_from: date | None = None

    @property
    def citable_references(self) -> tuple[str, ...]:
        """Empty for a criterion that a record prints as *tiêu chí nội bộ*."""
        return tuple(ref.text for ref in self.references if ref.is_citable)

    def as_of(self, day: date, severities: Mapping[str, Severity]) -> "Item":
        """The item as it counts on ``day``: minor throughout before ``mandatory_from``.

        Source: product contract, section 10 point 3 (D1 in docs/rules/checklists.md).
        """
        if self.mandatory_from is None or day >= self.mandatory_from:
            return self
        early = severities[EARLY_SEVERITY]
        return replace(self, severity=early.code, level=early.level, points=early.points)


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: Bilingual
    scope: Scope
    commodity: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """``bands``: shares in percent by name; see ``BANDS``."""

    code: str
    bands: Mapping[str, Fraction]
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    code: str
    name: Bilingual
    unit: str
    kind: Literal["input", "derived"]
    formula: str = ""


@dataclass(frozen=True, slots=True)
class ReportedCondition:
    """A monthly measure that must hold in each of the last ``months`` reported months."""

    measure: str
    op: str
    value: Fraction
    months: int


@dataclass(frozen=True, slots=True)
class ComplianceLevel:
    """A level and what it takes; one without conditions is what is left."""

    code: str
    name: Bilingual
    must_pass: tuple[str, ...]
    may_be_na: tuple[str, ...]
    reported: ReportedCondition | None
    counts_for: tuple[str, ...]

    @property
    def is_rest(self) -> bool:
        return not (self.must_pass or self.may_be_na or self.reported)


@dataclass(frozen=True)
class Checklist:
    """One version. ``sections``, ``items`` and every look-up keep the order of the paper."""

    code: str
    version: int
    title: Bilingual
    kinds: tuple[str, ...]
    rule_set: str
    severities: Mapping[str, Severity]
    commodities: Mapping[str, str]
    rule_sets: Mapping[str, RuleSet]
    measures: Mapping[str, Measure]
    compliance_levels: tuple[ComplianceLevel, ...]
    sections: tuple[Section, ...]
    _by_era: dict[int, "Checklist"] = field(default_factory=dict, repr=False, compare=False)
    _by_commodity: dict[str, tuple[Item, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    # What is made from a version is kept beside the one object of it.
    __hash__ = object.__hash__

    @property
    def name(self) -> str:
        return f"{self.code}@{self.version}"

    @cached_property
    def items(self) -> Mapping[str, Item]:
        return MappingProxyType({i.code: i for section in self.sections for i in section.items})

    @cached_property
    def establishment_items(self) -> tuple[Item, ...]:
        return tuple(
            item
            for section in self.sections
            if section.scope == "establishment"
            for item in section.items
        )

    @cached_property
    def number_items(self) -> frozenset[str]:
        return frozenset(code for code, item in self.items.items() if item.answer.type == "number")

    def stall_items(self, commodity: str) -> tuple[Item, ...]:
        """The common stall sections and those of ``commodity`` (see ``commodities``)."""
        found = self._by_commodity.get(commodity)
        if found is None:
            if commodity not in self.commodities:
                raise KeyError(commodity)
            found = self._by_commodity[commodity] = tuple(
                item
                for section in self.sections
                if section.scope == "stall" and section.commodity in (ALL_COMMODITIES, commodity)
                for item in section.items
            )
        return found

    @cached_property
    def _mandatory_days(self) -> tuple[date, ...]:
        return tuple(i.mandatory_from for i in self.items.values() if i.mandatory_from)

    def as_of(self, day: date) -> "Checklist":
        """The version with every item as it counts on ``day``; the same object each time."""
        era = sum(day < start for start in self._mandatory_days)
        if era == 0:
            return self
        found = self._by_era.get(era)
        if found is None:
            sections = tuple(
                replace(s, items=tuple(i.as_of(day, self.severities) for i in s.items))
                for s in self.sections
            )
            found = replace(self, sections=sections, _by_era={}, _by_commodity={})
            self._by_era[era] = found
        return found


def parse(content: Mapping[str, Any]) -> Checklist:
    return Checklist(
        code=content["code"],
        version=content["version"],
        title=_bilingual(content["title"]),
        kinds=tuple(content["kinds"]),
        rule_set=content["rule_set"],
        severities={code: _severity(code, s) for code, s in content["severities"].items()},
        commodities=dict(content.get("commodities", {})),
        rule_sets={r["code"]: _rule_set(r) for r in content["rule_sets"]},
        measures={m["code"]: _measure(m) for m in content.get("measures", ())},
        compliance_levels=tuple(
            _compliance_level(level) for level in content.get("compliance", {}).get("levels", ())
        ),
        sections=tuple(_section(s) for s in content["sections"]),
    )


def _bilingual(text: Mapping[str, str]) -> Bilingual:
    return Bilingual(vi=text["vi"], en=text["en"])


def _severity(code: str, severity: Mapping[str, Any]) -> Severity:
    return Severity(
        code=code,
        name=_bilingual(severity),
        points=severity["points"],
        level=severity["level"],
        correct_within_days=severity["correct_within_days"],
    )


def _rule_set(rule_set: Mapping[str, Any]) -> RuleSet:
    bands = {name: Fraction(share) for name, share in rule_set["bands"].items()}
    return RuleSet(rule_set["code"], bands, rule_set["status"], rule_set["source"])


def _measure(measure: Mapping[str, Any]) -> Measure:
    return Measure(
        code=measure["code"],
        name=_bilingual(measure),
        unit=measure["unit"],
        kind=measure["kind"],
        formula=measure.get("formula", ""),
    )


def _compliance_level(level: Mapping[str, Any]) -> ComplianceLevel:
    reported = level.get("reported")
    return ComplianceLevel(
        code=level["code"],
        name=_bilingual(level),
        must_pass=tuple(level.get("must_pass", ())),
        may_be_na=tuple(level.get("may_be_na", ())),
        reported=reported
        and ReportedCondition(
            measure=reported["measure"],
            op=reported["op"],
            value=Fraction(reported["value"]),
            months=reported["months"],
        ),
        counts_for=tuple(level["counts_for"]),
    )


def _section(section: Mapping[str, Any]) -> Section:
    scope = section["scope"]
    return Section(
        code=section["code"],
        title=_bilingual(section["title"]),
        scope=scope,
        commodity=section["commodity"],
        items=tuple(_item(item, section["code"], scope) for item in section["items"]),
    )


def _item(item: Mapping[str, Any], section: str, scope: Scope) -> Item:
    mandatory_from = item.get("mandatory_from")
    return Item(
        code=item["code"],
        section=section,
        scope=scope,
        text=_bilingual(item["text"]),
        severity=item["severity"],
        level=item["level"],
        points=item["points"],
        answer=_answer(item["answer"]),
        photo=item["photo"],
        na_allowed=item["na_allowed"],
        references=tuple(Reference(ref["text"], ref["status"]) for ref in item["refs"]),
        na_when=_bilingual(item["na_when"]) if "na_when" in item else None,
        note_vi=item.get("note_vi", ""),
        mandatory_from=date.fromisoformat(mandatory_from) if mandatory_from else None,
    )


def _answer(answer: Mapping[str, Any]) -> AnswerSpec:
    threshold = answer.get("threshold", "0")
    minimum = answer.get("minimum")
    return AnswerSpec(
        type=answer["type"],
        unit=answer.get("unit", ""),
        op=answer.get("op", ""),
        threshold=Decimal(threshold),
        threshold_fraction=Fraction(threshold).as_integer_ratio(),
        minimum=None if minimum is None else Decimal(minimum),
        expires=answer.get("expires", False),
        options=tuple(answer.get("options", ())),
        pass_options=frozenset(answer.get("pass_options", ())),
    )
