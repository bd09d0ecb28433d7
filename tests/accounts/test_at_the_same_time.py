"""Two answers to one code at the same time, each in a transaction of its own, as in production, on either engine."""

import threading
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import Model, db
from app.models.person import Person
from app.models.sign_in import DeviceSession, SignInCode
from tests.accounts.browsers import ask, is_signed_in, restarted, type_code, wrong
from tests.accounts.code_mail import latest_code
from tests.factories import make_person, municipality

FORM = {"name": "Karin Ek", "municipality": "bjuv", "informed": "y", "email": "karin@bjuv.se"}
AT_ONCE = 6


def at_once(app: Flask, browser: FlaskClient, codes: list[str]) -> list[FlaskClient]:
    """The same browser sends all of these at the same time; what became of each."""
    copies = [restarted(app, browser) for _ in codes]
    start = threading.Barrier(len(codes))

    def send(copy: FlaskClient, code: str) -> None:
        start.wait()
        assert type_code(copy, code).status_code in (303, 422)

    threads = [threading.Thread(target=send, args=pair) for pair in zip(copies, codes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return copies


def counted(app: Flask, table: type[Model]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def in_context(app: Flask, do: Callable[[], str]) -> str:
    with app.app_context():
        return do()


def test_the_right_code_many_times_at_once_is_one_session(live: Flask) -> None:
    with live.app_context():
        email = make_person("Alice Ahl", "bjuv").email
        db.session.commit()
    browser = live.test_client()
    code = in_context(live, lambda: ask(browser, email))
    copies = at_once(live, browser, [code] * AT_ONCE)
    assert [is_signed_in(copy) for copy in copies] == [True] * AT_ONCE
    assert counted(live, DeviceSession) == 1


def test_joining_many_times_at_once_is_one_person(live: Flask) -> None:
    browser = live.test_client()
    browser.post("/join/join-bjuv", data=FORM)
    copies = at_once(live, browser, [in_context(live, latest_code)] * AT_ONCE)
    assert [is_signed_in(copy) for copy in copies] == [True] * AT_ONCE
    assert (counted(live, Person), counted(live, DeviceSession)) == (1, 1)
    with live.app_context():
        assert municipality("bjuv").registered == 1


def test_wrong_codes_at_once_all_count(live: Flask) -> None:
    with live.app_context():
        email = make_person("Alice Ahl", "bjuv").email
        db.session.commit()
    browser = live.test_client()
    code = in_context(live, lambda: ask(browser, email))
    at_once(live, browser, [wrong(code)] * AT_ONCE)
    with live.app_context():
        assert db.session.scalars(select(SignInCode.tries)).all() == [5]
    assert type_code(browser, code).status_code == 422
