"""The digest as a mail of text and HTML, to each person once a day."""

from collections.abc import Callable
from datetime import date
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from backend.accounts.models import User
from inspections.notices.digest import Section, digest
from inspections.notices.models import SentDigest

Report = Callable[[str], object]


def send_digests(day: date, *, on_failure: Report) -> int:
    """Mail everybody who has an address and something to know; how many have got one now.

    Safe to repeat on the same day, and by two at once. Who could not be reached is told to
    ``on_failure`` by user name, and tried again by the next call; the others get theirs.
    """
    people = User.objects.filter(is_active=True).exclude(email="").order_by("pk")
    done = SentDigest.objects.filter(day=day).values("person")
    sent = 0
    with get_connection() as connection:
        for person in people.exclude(pk__in=done):
            sections = digest(person, day)
            if not sections or not _claim(person, day):
                continue
            try:
                mail = _mail(person, day, sections)
                mail.connection = connection
                mail.send()
            except (SMTPException, OSError) as error:
                SentDigest.objects.filter(person=person, day=day).delete()
                on_failure(f"{person.username}: {type(error).__name__}")
                continue
            sent += 1
    return sent


def _claim(person: User, day: date) -> bool:
    try:
        with transaction.atomic():
            SentDigest.objects.create(person=person, day=day)
    except IntegrityError:
        return False  # another run has it
    return True


def _mail(person: User, day: date, sections: list[Section]) -> EmailMultiAlternatives:
    told = {"person": person, "day": day, "sections": sections}
    mail = EmailMultiAlternatives(
        subject=f"An toàn thực phẩm: việc ngày {day:%d/%m/%Y}",
        body=render_to_string("inspections/mails/digest.txt", told),
        to=[person.email],
    )
    mail.attach_alternative(render_to_string("inspections/mails/digest.html", told), "text/html")
    # Answering machines answer no machine (RFC 3834, 5).
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    return mail
