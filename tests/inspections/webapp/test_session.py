"""Tokens come and go; what was collected stays, and stays its owner's."""

import pytest

from tests.inspections.webapp.lab import Lab, Reply
from tests.inspections.webapp.server import Server, begin, problem, sign_in

EXPIRE = """
  const { device } = await logic("db");
  const [row] = await device.all("accounts");
  await device.put("accounts", { ...row, access_at: 0 });
  await (await logic("session")).start();
"""
ASK = """
  try { return (await (await logic("session")).send("GET", "auth/me/")).json.who; }
  catch (error) { return error.code ?? error.message; }
"""


@pytest.fixture
def server(lab: Lab) -> Server:
    made = Server(lab)
    lab.on("GET", "auth/me/", lambda request: Reply(200, {"who": bearer(request)}))
    sign_in(lab)
    return made


def bearer(request: object) -> str:
    token: str = request.headers.get("authorization", "")  # type: ignore[attr-defined]
    return token.removeprefix("Bearer ").partition(" ")[2].partition(" ")[0]


def test_who_signed_in_is_known_after_a_restart(lab: Lab, server: Server) -> None:
    lab.page.reload()

    assert lab.call("session", "account") is None
    assert lab.call("session", "start")["username"] == "inspector"


def test_an_old_token_is_renewed_before_it_is_sent(lab: Lab, server: Server) -> None:
    lab.run(EXPIRE)

    assert lab.run(ASK) == "inspector"
    assert server.refreshed == ["r0 inspector"]


def test_a_token_that_the_server_calls_expired_is_renewed_once(lab: Lab, server: Server) -> None:
    answers = iter([problem(401, "token_expired"), Reply(200, {"who": "back"})])
    lab.on("GET", "auth/me/", lambda _: next(answers))

    assert lab.run(ASK) == "back"
    assert server.refreshed == ["r0 inspector"]


def test_a_lost_answer_to_a_renewal_is_asked_for_with_the_same_token(
    lab: Lab, server: Server
) -> None:
    lab.run(EXPIRE)
    server.faults = iter(["cut after", "cut after"])

    assert lab.run(ASK) == "inspector"
    assert server.refreshed == ["r0 inspector"] * 3


def test_two_tabs_renew_a_token_once(lab: Lab, server: Server) -> None:
    other = lab.open()
    lab.run(EXPIRE)
    lab.call("session", "start", page=other)
    start = f"window.done = (async () => {{ {ASK} }})();"

    lab.run(start)
    lab.run(start, page=other)

    answers = [lab.run("return await window.done;", page=page) for page in (lab.page, other)]
    assert answers == ["inspector", "inspector"]
    assert server.refreshed == ["r0 inspector"]


def test_a_session_that_has_ended_puts_the_account_to_sleep(lab: Lab, server: Server) -> None:
    lab.run(EXPIRE)
    server.faults = iter([problem(401, "session_revoked")])

    assert lab.run(ASK) == "session_revoked"
    asked = len(lab.asked)
    assert lab.run(ASK) == "session_revoked"
    assert len(lab.asked) == asked
    assert lab.call("session", "account")["asleep"] is True


def test_no_network_ends_no_session(lab: Lab, server: Server) -> None:
    lab.run(EXPIRE)
    server.faults = iter(["cut after"] * 3)

    assert lab.run(ASK) == "unreachable"
    assert lab.call("session", "account")["asleep"] is False


def test_signing_out_leaves_no_token_and_all_the_work(lab: Lab, server: Server) -> None:
    visit = begin(lab)

    lab.call("session", "signOut")

    row = lab.run("return (await (await logic('db')).device.all('accounts'))[0];")
    assert (row["access"], row["refresh"], row["current"]) == ("", "", False)
    assert ("POST", "auth/logout/") in lab.asked
    lab.page.reload()
    assert lab.call("session", "start") is None
    sign_in(lab)
    assert lab.call("drafts", "get", visit)["id"] == visit


def test_a_call_begun_for_one_person_is_never_made_as_another(lab: Lab, server: Server) -> None:
    script = """
      const session = await logic("session");
      const me = session.speaker();
      await session.signIn({ username: "inspector2", password: "x" });
      try { return (await me.send("GET", "auth/me/")).json.who; }
      catch (error) { return error.code; }
    """

    assert lab.run(script) == "session_revoked"
    assert lab.run(ASK) == "inspector2"


def test_a_phone_keeps_its_own_id(lab: Lab, server: Server) -> None:
    first = lab.call("session", "thisDevice")
    lab.call("session", "nameDevice", "Oppo của Lan")
    lab.page.reload()

    assert lab.call("session", "thisDevice") == {"id": first["id"], "name": "Oppo của Lan"}


def test_a_wrong_password_is_told(lab: Lab) -> None:
    lab.on("POST", "auth/token/", lambda _: problem(401, "not_authenticated"))
    script = """
      const [{ signIn }, { Refused }] = [await logic("session"), await logic("api")];
      try { await signIn({ username: "x", password: "y" }); }
      catch (error) { return [error instanceof Refused, error.status, error.code]; }
    """

    assert lab.run(script) == [True, 401, "not_authenticated"]


def test_a_database_that_the_browser_closed_opens_again(lab: Lab, server: Server) -> None:
    begin(lab)
    script = """
      await new Promise((done) => {
        indexedDB.deleteDatabase("food-safety/inspector").onsuccess = done;
      });
      const drafts = await logic("drafts");
      return (await drafts.list()).length;
    """

    assert lab.run(script) == 0
    visit = begin(lab)
    assert [draft["id"] for draft in lab.call("drafts", "list")] == [visit]
