"""Every own address on a page leads somewhere: a route takes it, a static file is there, a place on the page exists."""

from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kb.web.pages.assets import STYLESHEET

FETCHED = {"href", "src", "data-url"}
_KNOWN: dict[tuple[int, str, str], str] = {}


def check_addresses(app: Flask, soup: BeautifulSoup, here: str) -> None:
    """Assert that what a page asks the browser to fetch, follow or send to is there; `here` is its full address."""
    faults = set(dead_addresses(app, soup, here))
    assert not faults, f"{here}: {sorted(faults)}"


def dead_addresses(app: Flask, soup: BeautifulSoup, here: str) -> Iterator[str]:
    """The own addresses on a page that lead nowhere, each with what is wrong."""
    page = urlsplit(here)
    ids = {element["id"] for element in soup.find_all(True) if "id" in element.attrs}
    hosts = {page.netloc, urlsplit(app.config["SETTINGS"].base_url).netloc}
    for element, address, method in _asked(soup):
        target = urlsplit(urljoin(here, address))
        if target.scheme not in {"http", "https"} or target.netloc not in hosts:
            continue
        if target.fragment and method == "GET" and target[:4] == page[:4]:  # there without asking the site
            if unquote(target.fragment) not in ids:
                yield f"{element.name} {address}: no such place on the page"
        elif wrong := _wrong(app, unquote(target.path) or "/", method):
            yield f"{element.name} {method} {address}: {wrong}"


def _asked(soup: BeautifulSoup) -> Iterator[tuple[Tag, str, str]]:
    for element in soup.find_all(True):
        for name in FETCHED & element.attrs.keys():
            yield element, str(element[name]), "GET"
        if element.name == "form":
            yield element, str(element.get("action") or ""), _method(element, element)
        elif "formaction" in element.attrs:
            form = soup.find(id=element["form"]) if "form" in element.attrs else element.find_parent("form")
            yield element, str(element["formaction"]), _method(form or element, element)


def _method(form: Tag, button: Tag) -> str:
    return str(button.get("formmethod") or form.get("method") or "get").upper()


def _wrong(app: Flask, path: str, method: str) -> str:
    """What is wrong with a path, or nothing; kept, since a site has far more links than addresses."""
    key = (id(app), path, method)
    if key not in _KNOWN:
        _KNOWN[key] = _look_up(app, path, method)
    return _KNOWN[key]


def _look_up(app: Flask, path: str, method: str) -> str:
    try:
        endpoint, values = app.url_map.bind("localhost").match(path, method)
    except RequestRedirect:
        return "answers with another address"
    except HTTPException as refusal:
        return f"no route ({refusal.code})"
    if endpoint != "static.show":
        return ""
    assets = app.extensions["assets"]
    is_there = values["path"] == STYLESHEET or assets.find(values["path"])
    return "" if is_there and values["digest"] == assets.digest else "no such file"
