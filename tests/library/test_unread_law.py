"""What rests on a statute, or on a section, that nobody has read has the label "Att verifiera" where it stands."""

import pytest

from kb.library.content.document import Action, Section, Step
from kb.library.intake.linting.entries import Entry
from kb.library.intake.linting.law import lint_unread
from tests.factories import make_document

SAYS = "Ingen får efterforska källan"


def unread(document):
    """The places of what lacks the label."""
    return {finding.place for finding in lint_unread(Entry("fil.md", document=document), document)}


def checklist(**fields):
    """A checklist of one step."""
    step = Step(id="fraga", text="Fråga inte.", role="Chef", deadline="Genast", **fields)
    return make_document("checklista", sections=(Section(title="Först", steps=(step,)),))


def guidance(**fields):
    """Guidance with one action."""
    return make_document(actions=(Action(do="Fråga inte.", **fields),))


@pytest.mark.parametrize(
    "cited",
    [
        "TF 3 kap. 5 §",
        "TF 3 kap. 5–6 §§",
        "TF 3 kap. 5 och 6 §§",
        "BrB (17 kap. 1 §)",
        "OSL 18 kap. 8 §",
        "OSL 26 kap. 1 § och 5 kap. 1 §",
        "OSL 12 kap. 2 §, 18 kap. 8 § samt 26 kap. 1 §",
    ],
)
def test_a_paragraph_has_it(cited):
    told = f"<p>{SAYS} ({cited}).</p><p>Något annat [att verifiera].</p>"

    assert unread(make_document(body=told)) == {"body"}
    assert unread(make_document(body=f"<p>{SAYS} ({cited}) [att verifiera].</p>")) == set()


@pytest.mark.parametrize(
    "body",
    [
        "TF och BrB har vi inte läst. Arbetsgivaren ska förebygga (AML 3 kap. 2 §).",
        "Verksamheten ska vara god (OSL 26 kap. 1 §, SoL 5 kap. 1 §).",
        "OSL 26 kap. 1 § gäller, och i SoL står det i 5 kap. 1 §.",
    ],
)
def test_a_statute_that_is_only_named_and_one_that_was_read_need_none(body):
    assert unread(make_document(body=f"<p>{body}</p>")) == set()


@pytest.mark.parametrize("legal", ["TF 3 kap. 5 §", "CSL 2 kap. 5 §", "OSL 5 kap. 1 § (tiden är råd)"])
def test_a_step_that_rests_on_it_has_it(legal):
    assert unread(checklist(legal=legal)) == {"sections.1.steps.fraga.legal"}
    assert unread(checklist(legal=legal, verify=True)) == set()


def test_a_step_and_an_action_that_cite_it_have_it_themselves():
    why = f"{SAYS} (TF 3 kap. 5 §)."

    assert unread(checklist(why=why)) == {"sections.1.steps.fraga.why"}
    assert unread(guidance(why=why)) == {"actions.1.why"}
    assert unread(checklist(why=why, verify=True)) == unread(guidance(why=why, verify=True)) == set()
