"""Forms as a browser without script sends them."""

from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict


def page_of(response):
    """The parsed page."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def typed_in(page, **changes):
    """What the edit form on the page would send, with some fields typed anew."""
    form = next(form for form in page.find_all("form", method="post") if form.find(attrs={"name": "title"}))
    values: MultiDict[str, str] = MultiDict()
    for field in form.find_all(["input", "textarea", "select"]):
        for value in values_of(field):
            values.add(field["name"], value)
    for name, value in changes.items():
        values.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return values


def values_of(field):
    """The values that a control sends."""
    if field.name == "textarea":
        return [field.get_text().removeprefix("\r\n").removeprefix("\n").replace("\n", "\r\n")]
    if field.name == "select":
        chosen = field.find("option", selected=True) or field.find("option")
        return [chosen["value"]]
    if field["type"] in {"checkbox", "radio"}:
        return [field.get("value", "on")] if field.has_attr("checked") else []
    return [] if field["type"] == "submit" else [field.get("value", "")]
