"""What every page must have, checked by the shared test client."""

import gzip
from collections import Counter

import brotli
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.leading import check_addresses
from tests.markup import check_markup

VOID_OF_LABEL = {"hidden", "submit", "button", "image", "reset"}


UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def check_page(app: Flask, response: TestResponse, *, everything: bool = False) -> None:
    """Assert headers on everything, markup and addresses on all HTML, and structure on whole pages.

    `everything`: read each page for errors of markup, also one that is like others before it.
    """
    assert "Content-Security-Policy" in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype != "text/html" or 300 <= response.status_code < 400 or not response.data:
        return
    html, request = _text_of(response), response.request
    soup = BeautifulSoup(html, "html.parser")
    kind = (_endpoint(app, request.path, request.method), request.method, response.status_code)
    check_markup(html, soup, kind, everything=everything)
    check_addresses(app, soup, request.url)
    for kept in soup.find_all("template"):  # no part of the page until a script takes it out
        kept.extract()
    if soup.html is not None:
        _check_structure(soup, request.path)


def _text_of(response: TestResponse) -> str:
    packed = response.headers.get("Content-Encoding")
    assert packed in UNPACK, f"{packed}: the checks cannot read this page"
    return bytes(UNPACK[packed](response.data)).decode()


def _endpoint(app: Flask, path: str, method: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(path, method)[0])
    except HTTPException as refusal:
        return f"{refusal.code}"


def _check_structure(soup: BeautifulSoup, path: str) -> None:
    assert soup.html is not None
    assert soup.html.get("lang") == "sv", path
    assert soup.title, path
    assert soup.title.get_text(strip=True).endswith("– Rådrum"), path
    assert len(soup.find_all("h1")) == 1, f"{path}: {len(soup.find_all('h1'))} h1"
    _check_headings(soup, path)
    _check_labels(soup, path)
    _check_ids(soup, path)
    assert not [tag.name for tag in soup.find_all(True) if _is_inline(tag)], f"{path}: inline style or script"
    assert not [image for image in soup.find_all("img") if image.get("alt") is None], path


def _is_inline(tag: Tag) -> bool:
    return "style" in tag.attrs or tag.name == "style" or (tag.name == "script" and "src" not in tag.attrs)


def _check_headings(soup: BeautifulSoup, path: str) -> None:
    level = 0
    for heading in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"]):
        here = int(heading.name[1])
        assert here <= level + 1, f"{path}: {heading.name} after h{level}: {heading.get_text()[:60]}"
        level = here


def _check_labels(soup: BeautifulSoup, path: str) -> None:
    labelled = {label.get("for") for label in soup.find_all("label")}
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") in VOID_OF_LABEL:
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        assert named or field.find_parent("label"), f"{path}: field without label: {field}"


def _check_ids(soup: BeautifulSoup, path: str) -> None:
    elements = soup.find_all(True)
    ids = Counter(element["id"] for element in elements if "id" in element.attrs)
    assert not (doubled := {name for name, count in ids.items() if count > 1}), (
        f"{path}: ids twice: {doubled}"
    )
    for element in elements:
        for attribute in ("aria-labelledby", "aria-describedby"):
            for name in str(element.get(attribute) or "").split():
                assert name in ids, f"{path}: {attribute} names a missing id {name}"
