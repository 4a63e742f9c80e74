"""One step of a run at a time, large: for two where one reads aloud and the other confirms, and without a script."""

from flask import render_template

from kb.errors import NotFound
from kb.runs.permissions import Permission
from kb.runs.views.blueprint import bp, load_view
from kb.web.guards import requires


@bp.get("/genomforanden/<public_id>/steg/<key>")
@requires(Permission.SEE)
def step_show(public_id: str, key: str) -> str:
    """A step with its reason, and the ones before and after it."""
    run = load_view(public_id)
    steps = [(section, step) for section in run.sections for step in section.steps]
    place = next((place for place, (_, step) in enumerate(steps) if step.key == key), None)
    if place is None:
        raise NotFound
    section, step = steps[place]
    return render_template(
        "runs/step_show.html",
        run=run,
        section=section,
        step=step,
        before=steps[place - 1][1] if place else None,
        after=steps[place + 1][1] if place + 1 < len(steps) else None,
        is_last_of_section=step == section.steps[-1],
    )
