"""``manage.py print_errors > docs/errors.md``: every code that a refusal may have."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from api_schema import problems

HEAD = """# Error codes

Written by `manage.py print_errors > docs/errors.md`. Every refusal but those of the office's
pages is a problem document (RFC 9457) with one of these in `code`; a code has one status and is
never used for anything else.
`errors` names what is wrong by JSON pointer, with codes of its own: those of a submission stand
in [rules/submission.md](rules/submission.md) and [rules/completeness.md](rules/completeness.md),
those of a checklist file in [rules/checklists.md](rules/checklists.md). A submission that breaks
a rule answers 422 with `answers_invalid`, or with the code of the first broken rule.

| Code | Status | Vietnamese | English |
|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Print every error code of the API with its status and titles, as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        # The routes import all that refuses.
        import_module(settings.ROOT_URLCONF)
        rows = []
        known = problems.known()
        for code in sorted(known, key=lambda code: (known[code].status, code)):
            status, title = known[code]
            rows.append(f"| `{code}` | {status} | {title.vi} | {title.en} |\n")
        self.stdout.write(HEAD + "".join(rows), ending="")
