"""Refusals of a submission. The code is that of the first broken rule (product contract, 10.10)."""

from collections.abc import Sequence

from backend.common.errors import DomainError, FieldError, Kind
from backend.common.text import Bilingual


class SubmissionRefused(DomainError):
    """At least one rule is broken; ``errors`` names every one.

    ``code`` is ``answers_invalid`` as soon as an error points into answers, so that a phone
    opens the checklist; else it is the code of the first error.
    """

    code = "answers_invalid"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(vi="Bản gửi chưa đúng quy định của phiếu", en="The submission breaks a rule")

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(errors[0].detail, errors=errors)
        if not any("/answers" in error.pointer for error in errors):
            self.code = errors[0].code  # type: ignore[misc] # this class has one per instance
