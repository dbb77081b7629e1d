"""GET /api/v1/conflicts/: both bodies that were sent under one id, for the department."""

import pytest

from inspections.fieldwork.models import Inspection, RefusedSubmission
from tests.cast import COLLEAGUE, DEPARTMENT, INSPECTOR, Cast

pytestmark = pytest.mark.django_db


def test_both_bodies_can_be_read_and_compared(cast: Cast) -> None:
    document = cast.submitted()
    team = [{"role": "head", "username": INSPECTOR}, {"role": "member", "username": COLLEAGUE}]
    other = {**document, "opinion": "Nội dung khác", "team": team}
    answer = cast.ask(COLLEAGUE, "POST", f"inspections/{document['id']}/submit/", other)
    assert answer.status_code == 409

    [row] = cast.ask(DEPARTMENT, "GET", "conflicts/").json()["results"]
    told = cast.ask(DEPARTMENT, "GET", f"conflicts/{row['id']}/").json()

    visit, refused = Inspection.objects.get(pk=document["id"]), RefusedSubmission.objects.get()
    assert row == {
        "id": refused.pk,
        "inspection": document["id"],
        "establishment": "BOC-BO",
        "sent_by": COLLEAGUE,
        "received_at": row["received_at"],
        "answers_sha256": refused.answers_sha256,
    }
    assert (told["inspection"], told["status"]) == (document["id"], "submitted")
    assert told["submitted"]["document"]["opinion"] == document["opinion"]
    assert told["refused"]["document"]["opinion"] == "Nội dung khác"
    assert (told["submitted"]["sent_by"], told["refused"]["sent_by"]) == (INSPECTOR, COLLEAGUE)
    assert told["submitted"]["answers_sha256"] == visit.answers_sha256
    assert told["refused"]["answers_sha256"] == refused.answers_sha256


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_none_of_that_number_is_not_found(cast: Cast, number: str) -> None:
    answer = cast.ask(DEPARTMENT, "GET", f"conflicts/{number}/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
