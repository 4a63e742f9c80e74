"""axe on every page kind, no sideways scroll, weight and requests of the first visit."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

OPEN = [
    "/", "/nu", "/nu/hot", "/fore/lex-sarah", "/amnen/vald", "/vagledning", "/vagledning/nar-en-medarbetare-hotas",
    "/vagledning/nar-en-medarbetare-hotas/historik", "/checklistor/akut-hot-mot-medarbetare",
    "/berattelser/katrineholm-hot-mot-personal", "/sok", "/sok?q=hot&skede=under", "/sok?q=xyzzyqwerty",
    "/viktiga-nummer", "/ordlista", "/lagrum", "/lagrum/aml-3-kap-3-a", "/andrat", "/om", "/tillganglighet",
    "/personuppgifter", "/logga-in", "/glomt-losenord", "/mallar", "/mallar/mall-internt-hot", "/pastaenden",
    "/pastaenden/pastaende-kidnappar-barn", "/finns-inte",
    "/utan-nat", "/utan-nat/starta/akut-hot-mot-medarbetare", "/stilguide", "/stilguide/lasa", "/stilguide/arbeta",
]  # fmt: skip
INSIDE = {
    "medarbetare": ["/genomforanden", "/genomforanden/nytt?checklista=akut-hot-mot-medarbetare", "/konto"],
    "redaktor": [
        "/redaktion",
        "/redaktion/innehall",
        "/redaktion/ny?typ=checklista",
        "/redaktion/lagen",
        "/redaktion/sokningar",
        "/redaktion/sokningar/sokning?q=hot",
        "/redaktion/synonymer",
        "/redaktion/utvalda-svar",
    ],
    "administrator": [
        "/administration", "/administration/anvandare", "/administration/enheter", "/administration/amnen",
        "/administration/nummer", "/administration/e-post", "/administration/handelser", "/administration/drift",
        "/administration/gallring", "/administration/kom-igang",
    ],
}  # fmt: skip
LOOKS = [("light", 1280), ("dark", 1280), ("light", 375), ("dark", 375)]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}
}


def look(page, path):
    """Assert that `path` has no axe violation and does not scroll sideways."""
    page.goto(path)
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, f"{path}: {[(v['id'], v['nodes'][0]['html'][:200]) for v in found]}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"


@pytest.mark.parametrize(("scheme", "width"), LOOKS, ids=[f"{s}-{w}" for s, w in LOOKS])
def test_open_pages_have_no_violations(new_context, scheme, width):
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    for path in OPEN:
        look(page, path)


@pytest.mark.parametrize(("scheme", "width"), LOOKS, ids=[f"{s}-{w}" for s, w in LOOKS])
@pytest.mark.parametrize("role", INSIDE)
def test_pages_of_signed_in_people_have_no_violations(signed_in, role, scheme, width):
    page = signed_in(role, color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in INSIDE[role]:
        look(page, path)


def test_nothing_scrolls_sideways_at_320(new_context):
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    for path in OPEN:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_three_choices_and_112_are_seen_at_once_on_a_phone(new_context):
    page = new_context(viewport={"width": 375, "height": 667}).new_page()
    page.goto("/")

    for name in ("Det händer nu", "Det har hänt", "Förbered"):
        box = page.get_by_role("link", name=name).first.bounding_box()
        assert box["y"] + box["height"] <= 667, name
    assert page.get_by_role("link", name="Ring 112").is_visible()


@pytest.mark.parametrize("path", ["/", "/vagledning/nar-en-medarbetare-hotas", "/sok?q=hot"])
def test_a_first_visit_is_light(new_context, path):
    page = new_context().new_page()
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: sizes.append(
            sum(request.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))
        ),
    )

    page.goto(path, wait_until="networkidle")

    assert len(sizes) <= 8, sizes
    assert sum(sizes) <= 60 * 1024, sizes
