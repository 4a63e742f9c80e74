"""What every request goes through: headers, limits, odd input, error pages."""

import gc

import pytest
from sqlalchemy import text

from kb.accounts.roles import Role
from kb.web.guards import public
from kb.web.sessions import reader
from tests.addresses import path_of
from tests.conftest import build_app
from tests.factories import make_item, make_user


@pytest.mark.parametrize("path", ["/vagledning/a%00b", "/vagledning?amne=%00", "/%00", "/andrat?x=%00"])
def test_a_nul_in_the_address_is_refused_in_words(client, path):
    response = client.get(path)

    assert response.status_code in {404, 422}
    assert "h1" in response.text


def test_a_nul_in_a_form_is_refused_in_words(client):
    response = client.post("/logga-in", data={"email": "a\x00b@c.se", "password": "x"})

    assert response.status_code == 422
    assert "osynligt tecken" in response.text


@pytest.mark.parametrize(
    "path",
    ["/administration/nummer/", "/redaktion/synonymer/", "/redaktion/utvalda-svar/"],
)
def test_a_number_that_no_row_can_have_leads_nowhere(client, sign_in, session, path):
    sign_in(make_user(session, Role.ADMIN, Role.EDITOR))

    assert client.get(f"{path}{2**31}").status_code == 404
    assert client.get(f"{path}{'9' * 5000}").status_code == 404


def test_a_static_file_with_an_endless_name_is_not_there(client):
    assert client.get(f"/static/x/{'a' * 3000}").status_code == 404


def test_a_refused_form_gives_the_text_back(client, sign_in, session):
    sign_in(make_user(session, Role.EDITOR))
    text = "En lång text som någon har skrivit <b>själv</b>."

    response = client.post("/redaktion/ny?typ=vagledning", data={"title": "a\x00b", "body": text})

    assert response.status_code == 422
    assert "En lång text som någon har skrivit &lt;b&gt;" in response.text
    assert "Kopiera texten" in response.text


@pytest.mark.parametrize("method", ["put", "delete", "patch", "post"])
def test_an_unknown_method_gives_a_page(client, method):
    response = getattr(client, method)("/om")

    assert response.status_code == 405
    assert "Allow" in response.headers


def test_headers_are_strict(client):
    headers = client.get("/").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_static_files_never_go_stale_and_stay_in_their_folder(client, app):
    assets = app.extensions["assets"]
    response = client.get(assets.address("site.css"))

    assert "immutable" in response.headers["Cache-Control"]
    assert response.text.index("@layer reset, tokens") < 200
    assert client.get(f"/static/{assets.digest}/../wsgi.py").status_code == 404
    assert client.get(f"/static/{assets.digest}/%2e%2e/wsgi.py").status_code == 404
    assert client.get("/static/gammal/site.css").headers["Cache-Control"] == "no-cache"


def test_a_body_over_three_megabytes_is_refused_in_words(client):
    response = client.post("/logga-in", data={"email": "x" * (3 * 1024 * 1024 + 10)})

    assert response.status_code == 413
    assert "för mycket" in response.text


def test_pages_of_signed_in_people_are_not_stored(session, sign_in, client):
    item = make_item(session)
    browser = sign_in(make_user(session, Role.READER))

    assert browser.get(path_of(item)).headers["Cache-Control"] == "no-store"
    assert "no-cache" in client.get(path_of(item)).headers["Cache-Control"]


def test_an_unknown_error_has_a_number_and_hides_the_rest(app, client, monkeypatch):
    def broken() -> str:
        raise RuntimeError("hemlig detalj")

    monkeypatch.setitem(app.view_functions, "desk.about_show", public(broken))

    response = client.get("/om", expect_error=True)

    assert response.status_code == 500
    assert "Felets nummer" in response.text
    assert "hemlig detalj" not in response.text


def test_pages_that_fail_keep_no_connection(live_app, monkeypatch):
    def fail():
        for _ in reader().execute(text("SELECT 1 UNION SELECT 2")):
            raise ValueError

    monkeypatch.setitem(live_app.view_functions, "library.checklist_index", public(fail))
    live_app.config["PROPAGATE_EXCEPTIONS"] = False
    browser, pool = live_app.test_client(), live_app.extensions["database"].engine.pool
    gc.collect()
    before = pool.checkedout()
    gc.disable()  # as good as in a server, which looks for rubbish seldom
    try:
        found = [
            (browser.get("/checklistor", expect_error=True).status_code, pool.checkedout()) for _ in range(3)
        ]
    finally:
        gc.enable()

    assert found == [(500, before)] * 3


def test_every_cookie_is_secure_where_readers_come_over_tls(tmp_path):
    app = build_app(tmp_path, base_url="https://radrum.example")

    theme = app.test_client().post("/utseende", data={"tema": "mork"}).headers["Set-Cookie"]

    assert "Secure" in theme
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
