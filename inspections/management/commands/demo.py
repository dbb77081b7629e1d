"""``manage.py demo``: one inspection from a phone to a signed record, on a server of its own."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inspections.demo import own_server, visit
from inspections.demo.phone import Phone
from inspections.models import Inspection
from inspections.records import pki


class Command(BaseCommand):
    help = "Inspect chợ Bộc Bố over HTTP and leave the signed record in DATA_DIR/demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """The server has a database of its own, so no number of the real register is used up.

        It signs with the TEST authority of this installation, whose root lies in DATA_DIR/pki.
        """
        if settings.PRODUCTION:
            raise CommandError("The demo signs with the TEST authority: not in production mode.")
        folder = settings.DATA_DIR / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        key_file = pki.ensure_test_authority(settings.DATA_DIR / "pki")
        scratch = Path(tempfile.mkdtemp(prefix="server-", dir=folder))
        self.stdout.write("Starting a server of its own …")
        try:
            environment = {
                "DEMO_PASSWORD": settings.DEMO_PASSWORD,
                "SIGNING_P12": str(key_file),
                "SIGNING_P12_PASSPHRASE": pki.passphrase_of(key_file),
            }
            with own_server.running(scratch, environment) as server:
                self.stdout.write(f"  {server.url}")
                outcome = visit.walk(Phone(server.port), settings.DEMO_PASSWORD, self._say)
        except (visit.NotAsItShouldBeError, own_server.ServerFailedError, OSError) as error:
            raise CommandError(f"The demo failed: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        sequence = outcome.receipt["number"].partition("/")[0]
        path = folder / f"bien-ban-{sequence}-{outcome.receipt['year']}.pdf"
        path.write_bytes(outcome.pdf)
        self._report(outcome, path)

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")

    def _report(self, outcome: visit.Outcome, path: Path) -> None:
        receipt, result, judgement = outcome.receipt, outcome.result, outcome.judgement
        a, b = result["level_a"], result["level_b"]
        verdict = Inspection.Verdict(receipt["verdict"])
        self.stdout.write(
            f"\nRecord (biên bản)   {receipt['number']}, {receipt['year']}\n"
            f"Verdict (kết luận)  {verdict.label} ({verdict.value}), "
            f"score (điểm) {receipt['score']}\n"
            f"Level A             {a['passed']} of {a['applicable']}\n"
            f"Level B             {b['passed']} of {b['applicable']}"
        )
        for stall in result["stalls"]:
            if stall["verdict"] == "fail":
                number = outcome.stalls[stall["stall"]]
                self.stdout.write(f"Failing stall       quầy số {number} (không đạt)")
        for target in ("to_complete", "pass"):
            fixes = ", ".join(self._fix(outcome, fix) for fix in result["fixes"][target] or ())
            label = Inspection.Verdict(target).label
            self.stdout.write(f"{label:<19} {fixes or 'nothing to fix'}")
        self.stdout.write(
            f"Verification        {judgement['verdict']}"
            f"{', signed by the TEST authority' if judgement['test'] else ''}\n"
            f"Signer              {judgement['signer']['subject']}\n"
            f"One bit changed     refused\n"
            f"File                {path}\n"
            f"Root certificate    {settings.DATA_DIR / 'pki' / pki.ROOT}"
        )

    def _fix(self, outcome: visit.Outcome, fix: dict[str, Any]) -> str:
        if fix["stall"] is None:
            return str(fix["item"])
        return f"{fix['item']} (quầy {outcome.stalls[fix['stall']]})"
