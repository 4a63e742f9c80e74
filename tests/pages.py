"""What every page must have, checked by the shared test client."""

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

VOID_OF_LABEL = {"hidden", "submit", "button", "image", "reset"}


def check_page(response: TestResponse) -> None:
    """Assert headers on everything and structure on whole HTML pages."""
    assert "Content-Security-Policy" in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype != "text/html" or 300 <= response.status_code < 400 or not response.data:
        return
    soup = BeautifulSoup(response.data, "html.parser")
    if soup.html is None:
        return
    path = response.request.path
    assert soup.html.get("lang") == "sv", path
    assert soup.title, path
    assert soup.title.get_text(strip=True).endswith("– Rådrum"), path
    assert len(soup.find_all("h1")) == 1, f"{path}: {len(soup.find_all('h1'))} h1"
    _check_headings(soup, path)
    _check_labels(soup, path)
    _check_ids(soup, path)
    assert not soup.select("[style], style, script:not([src])"), f"{path}: inline style or script"
    assert not [image for image in soup.find_all("img") if image.get("alt") is None], path


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
    ids = [element["id"] for element in soup.select("[id]")]
    doubled = {name for name in ids if ids.count(name) > 1}
    assert not doubled, f"{path}: ids twice: {doubled}"
    for element in soup.select("[aria-labelledby], [aria-describedby]"):
        for attribute in ("aria-labelledby", "aria-describedby"):
            for name in str(element.get(attribute) or "").split():
                assert name in ids, f"{path}: {attribute} names a missing id {name}"
