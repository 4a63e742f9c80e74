"""The acute lists as a night shift needs them: what saves life first, somebody to call, few questions, in order."""

import pytest

from kb.library.content.document import Deadline, Kind
from kb.runs.operations import conditions
from tests.shipped_content import entries

ACUTE = (
    "akut-hot-mot-medarbetare",
    "desinformation-pagar",
    "vald-pa-boende",
    "dodsfall-i-verksamheten-steg",
    "lex-sarah-ta-emot-rapport",
    "journalisten-ringer",
    "uthangning-i-sociala-medier",
    "misstankt-paket",
    "bombhot-telefon",
    "intern-information-forsta-timmen",
)
LATER = ("medarbetare-filmas", "suicidhot-steg", "stromavbrott-steg", "varmebolja-steg")
QUESTIONS = 8


@pytest.fixture(scope="module")
def lists():
    """The shipped checklists by slug."""
    return {entry.slug: entry.document for entry in entries() if entry.document.kind == Kind.CHECKLIST}


@pytest.mark.parametrize("slug", ACUTE)
def test_the_first_step_is_done_at_once_and_somebody_on_call_is_named(lists, slug):
    document = lists[slug]
    first = next(document.steps())

    assert first.minutes == 0
    words = " ".join([document.led_by, document.starts_from, *(step.text for step in document.steps())])
    assert "jour" in words


@pytest.mark.parametrize("slug", [*ACUTE, *LATER])
def test_a_step_says_whom_to_call_at_night(lists, slug):
    """What the time is counted from stands last on a phone, and a run does not show it."""
    assert any("jour" in step.text for step in lists[slug].steps())


@pytest.mark.parametrize("slug", ACUTE)
def test_help_is_called_among_the_first_steps(lists, slug):
    texts = [step.text for step in lists[slug].steps()][:6]

    assert any("112" in text for text in texts)


@pytest.mark.parametrize("slug", ACUTE)
def test_few_questions_are_asked_before_it_starts(lists, slug):
    assert len(conditions(lists[slug])) <= QUESTIONS


@pytest.mark.parametrize("slug", ACUTE)
def test_steps_with_minutes_stand_in_order_of_time(lists, slug):
    for section in lists[slug].sections:
        minutes = [step.minutes for step in section.steps if step.deadline_sort == Deadline.RELATIVE]
        assert minutes == sorted(minutes), section.title


def test_a_list_that_leads_to_a_report_says_what_a_private_provider_tells_the_board(lists):
    """SoL 27 kap. 2 § and 4 §: who forgets the second at night is often the provider."""
    told = {
        slug: {
            section
            for step in document.steps()
            for section in ("2 §", "4 §")
            if f"SoL 27 kap. {section}" in step.legal
        }
        for slug, document in lists.items()
    }

    assert [slug for slug, sections in told.items() if sections == {"2 §"}] == []


@pytest.mark.parametrize("slug", ACUTE[:6])
def test_a_private_provider_has_a_step_of_its_own(lists, slug):
    words = [f"{step.text} {step.condition} {step.legal}" for step in lists[slug].steps()]

    assert any("privat" in text for text in words)
