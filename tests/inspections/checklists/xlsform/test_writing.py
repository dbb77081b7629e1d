"""Content as a workbook, and back again."""

from pathlib import Path

import pytest

from backend.common import canonical
from inspections.checklists.authoring import parse_yaml
from inspections.checklists.xlsform.reading import read_workbook
from inspections.checklists.xlsform.writing import workbook
from tests.inspections.checklists.xlsform.books import small, xlsx
from tests.inspections.fieldwork.builders import LIBRARY

SMALL = Path(__file__).parents[1] / "small.yaml"


@pytest.mark.parametrize(
    "path", [*sorted(LIBRARY.glob("*.yaml")), SMALL], ids=lambda path: path.stem
)
def test_a_checklist_has_the_same_digest_after_a_round_trip(path: Path) -> None:
    content = parse_yaml(path.read_text(encoding="utf-8"))

    again = read_workbook(workbook(content))

    assert again == content
    assert canonical.sha256(again) == canonical.sha256(content)


def test_what_came_from_a_workbook_goes_back_into_one() -> None:
    content = read_workbook(xlsx(small()))

    assert read_workbook(workbook(content)) == content


def test_texts_that_look_like_formulas_stay_texts() -> None:
    content = read_workbook(xlsx(small()))
    text = content["sections"][0]["items"][0]["text"]
    text |= {"vi": "=1+1", "en": "-5 °C"}

    assert read_workbook(workbook(content)) == content
