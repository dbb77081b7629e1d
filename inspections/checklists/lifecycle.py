"""How a checklist version comes to be, is frozen and retires; and what the frozen ones say."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from backend.audit import trail
from backend.audit.trail import Actor
from backend.common import canonical
from backend.common.compiled import Compiled, Question, ask
from backend.common.errors import FieldError
from backend.common.text import Bilingual
from backend.common.workbooks import WorkbookRefused
from inspections.checklists import authoring, definition, rules
from inspections.checklists.errors import (
    ChecklistInvalid,
    ChecklistIsPublished,
    ChecklistMoveIllegal,
)
from inspections.checklists.models import ChecklistVersion, parse_name
from inspections.checklists.xlsform.reading import read_workbook
from markets.models import code_validator

Status = ChecklistVersion.Status
MAX_TITLE = 300
Source = str | bytes  # YAML as text, or the bytes of a workbook (XLSForm)


@dataclass(frozen=True, slots=True)
class Published:
    """A version that was ever published, retired or not: phones bring answers home late."""

    id: int
    sha256: str
    definition: definition.Checklist
    approved_number: str
    approved_on: date | None

    @property
    def is_trial(self) -> bool:
        """No decision approves it yet, so its records say *bản thử*."""
        return not self.approved_number


def published(name: str) -> Published | None:
    """The version that ``CODE@VERSION`` names, None for drafts and unknown names.

    One small query: a frozen definition is read and parsed once per process, the approval
    each time, because it may come later.
    """
    [found] = ask(published_asked(name))
    return cast("Published | None", found)


def published_asked(name: str) -> Question[Published | None]:
    """What ``published`` gives, to be asked with other things."""
    parts = parse_name(name)
    if parts is None:
        return Question([], lambda: None)
    return Question(
        [(_published, {"code": parts[0], "version": parts[1]})],
        lambda rows: _as_published(rows[0]) if rows else None,
    )


def _as_published(row: Any) -> Published:
    definition = _definition(row.id, row.sha256)
    return Published(row.id, row.sha256, definition, row.approved_number, row.approved_on)


_published = Compiled(
    lambda code, version: (
        ChecklistVersion.objects.filter(code=code, version=version)
        .ever_published()
        .order_by()
        .values("id", "sha256", "approved_number", "approved_on")
    ),
    code=str,
    version=int,
)


def definition_of(row: ChecklistVersion) -> definition.Checklist:
    """What ``row`` asks; parsed once per process where it is frozen."""
    return _definition(row.pk, row.sha256) if row.sha256 else definition.parse(row.content)


@functools.lru_cache(maxsize=256)
def _definition(version_id: int, sha256: str) -> definition.Checklist:
    """Never stale: the digest is part of the key, and frozen content never changes."""
    content = ChecklistVersion.objects.values_list("content", flat=True).get(
        pk=version_id, sha256=sha256
    )
    return definition.parse(content)


@transaction.atomic
def import_draft(source: Source, *, by: Actor | None) -> ChecklistVersion:
    """Make or replace the draft that a file describes; the file says code and version.

    Raises ChecklistInvalid, ChecklistIsPublished.
    """
    content = read(source)
    row, created = ChecklistVersion.objects.select_for_update(no_key=True).get_or_create(
        code=content["code"], version=content["version"], defaults=_columns(content)
    )
    if row.status != Status.DRAFT:
        raise ChecklistIsPublished
    if not created:
        for field, value in _columns(content).items():
            setattr(row, field, value)
        row.save()
    _tell("checklist.imported", row, by, {"sha256": canonical.sha256(content)})
    return row


@transaction.atomic
def publish(version_id: int, *, by: Actor | None) -> ChecklistVersion:
    """Freeze a draft for ever. Raises ChecklistMoveIllegal, ChecklistInvalid."""
    row = _to_move(version_id, "publish")
    faults = [*_faults_since_import(row), *_misfits(row.content)]
    if faults:
        raise ChecklistInvalid(errors=faults)
    row.status = Status.PUBLISHED
    row.sha256 = canonical.sha256(row.content)
    row.published_at = timezone.now()
    row.save(update_fields=["status", "sha256", "published_at"])
    _tell("checklist.published", row, by, {"sha256": row.sha256})
    return row


@transaction.atomic
def retire(version_id: int, *, by: Actor | None) -> ChecklistVersion:
    """Offer a published version no longer; answers given with it stay welcome.

    Raises ChecklistMoveIllegal.
    """
    row = _to_move(version_id, "retire")
    row.status = Status.RETIRED
    row.retired_at = timezone.now()
    row.save(update_fields=["status", "retired_at"])
    _tell("checklist.retired", row, by, {})
    return row


@transaction.atomic
def approve(version_id: int, *, number: str, on: date, by: Actor | None) -> ChecklistVersion:
    """Note the decision that approves a published version; another one corrects it.

    Records made before keep saying *bản thử*. Raises ChecklistMoveIllegal for a draft.
    """
    row = ChecklistVersion.objects.select_for_update(no_key=True).get(pk=version_id)
    if row.status == Status.DRAFT:
        raise ChecklistMoveIllegal(legal_moves=_legal_moves(row))
    row.approved_number, row.approved_on = number, on
    row.save(update_fields=["approved_number", "approved_on"])
    _tell("checklist.approved", row, by, {"number": number, "date": on.isoformat()})
    return row


@transaction.atomic
def ship(text: str) -> bool:
    """Publish a checklist that comes with the product; False where it is there already.

    Raises ChecklistIsPublished where this version has other content, be it a draft.
    """
    content = read(text)
    row = ChecklistVersion.objects.filter(code=content["code"], version=content["version"]).first()
    if row is None:
        publish(import_draft(text, by=None).pk, by=None)
        return True
    if row.sha256 != canonical.sha256(content):
        raise ChecklistIsPublished(Bilingual(vi=row.name, en=row.name))
    return False


def read(source: Source) -> dict[str, Any]:
    """The content that a file describes. Raises ChecklistInvalid with all that is wrong."""
    try:
        content = authoring.parse_yaml(source) if isinstance(source, str) else read_workbook(source)
    except authoring.ChecklistUnreadable as error:
        raise ChecklistInvalid(errors=error.errors) from error
    except WorkbookRefused as error:
        fault = FieldError("", error.code, error.detail, line=error.line)
        raise ChecklistInvalid(errors=[fault]) from error
    if misfits := _misfits(content):
        raise ChecklistInvalid(errors=misfits)
    return content


def _misfits(content: Mapping[str, Any]) -> list[FieldError]:
    """What is right in a checklist but does not fit the columns that it is found by."""
    misfits = []
    try:
        code_validator(content["code"])
    except ValidationError:
        detail = Bilingual(
            vi="Chỉ gồm A-Z, 0-9 và dấu gạch nối.", en="Only A-Z, 0-9 and the hyphen."
        )
        misfits.append(FieldError("/code", "bad_code", detail))
    for language, title in content["title"].items():
        if len(title) > MAX_TITLE:
            detail = Bilingual(vi=f"Dài quá {MAX_TITLE} ký tự.", en=f"Over {MAX_TITLE} characters.")
            misfits.append(FieldError(f"/title/{language}", "too_long", detail))
    return misfits


def _faults_since_import(row: ChecklistVersion) -> list[FieldError]:
    """The office may have edited the draft."""
    faults = rules.problems(row.content)
    for field in ("code", "version"):
        if row.content[field] != getattr(row, field):
            detail = Bilingual(
                vi=f"Khác với phiên bản này: {row.name}.", en=f"This version is {row.name}."
            )
            faults.append(FieldError(f"/{field}", "other_version", detail))
    return faults


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title_vi": content["title"]["vi"],
        "title_en": content["title"]["en"],
        "content": content,
    }


def _to_move(version_id: int, move: str) -> ChecklistVersion:
    row = ChecklistVersion.objects.select_for_update(no_key=True).get(pk=version_id)
    if move not in _legal_moves(row):
        raise ChecklistMoveIllegal(legal_moves=_legal_moves(row))
    return row


def _legal_moves(row: ChecklistVersion) -> list[str]:
    return rules.legal_moves(cast("rules.Status", row.status))


def _tell(action: str, row: ChecklistVersion, by: Actor | None, data: dict[str, Any]) -> None:
    trail.record(action, f"checklist:{row.name}", actor=by, data=data)
