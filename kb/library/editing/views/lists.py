"""Pages for keeping the small lists: numbers and topics in the administration, common situations at the desk."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Invalid, NotFound
from kb.library.core.models.lists import CommonSituation, ImportantNumber
from kb.library.core.queries.lists import list_numbers
from kb.library.core.queries.topics import get_topic, list_topics
from kb.library.editing import keeping
from kb.library.editing.forms.lists import EmptyForm, NumberForm, TopicForm
from kb.library.permissions import Permission
from kb.web.guards import requires
from kb.web.once import take_once
from kb.web.sessions import reader, transaction

bp = Blueprint("lists", __name__)
Answer = str | tuple[str, int] | Response


# Numbers


@bp.get("/administration/nummer")
@requires(Permission.SETTINGS)
def number_index() -> str:
    """Own numbers, and the form for another."""
    return _numbers(NumberForm())


@bp.post("/administration/nummer")
@requires(Permission.SETTINGS, with_password=True)
def number_create() -> Answer:
    """Add a number."""
    return _save_number(None)


@bp.get("/administration/nummer/<int:number_id>")
@requires(Permission.SETTINGS)
def number_edit(number_id: int) -> str:
    """Change a number."""
    row = _own_number(number_id)
    return render_template("library/number_edit.html", form=NumberForm(obj=row), row=row)


@bp.post("/administration/nummer/<int:number_id>")
@requires(Permission.SETTINGS, with_password=True)
def number_update(number_id: int) -> Answer:
    """Store the change."""
    return _save_number(number_id)


@bp.post("/administration/nummer/<int:number_id>/borttagning")
@requires(Permission.SETTINGS, with_password=True)
def number_delete(number_id: int) -> Answer:
    """Take a number away."""
    with transaction() as session:
        keeping.remove_number(session, number_id, by=current_viewer())
    flash("Numret är borttaget.")
    return redirect(url_for(".number_index"), 303)


def _save_number(number_id: int | None) -> Answer:
    form = NumberForm()
    if form.validate_on_submit():
        with transaction() as session:
            if number_id is None:
                take_once(session, current_viewer().actor, url_for(".number_index"))
            keeping.save_number(
                session,
                number_id,
                label=form.label.data or "",
                number=form.number.data or "",
                note=form.note.data or "",
                by=current_viewer(),
            )
        flash("Numret är sparat.")
        return redirect(url_for(".number_index"), 303)
    if number_id is None:
        return _numbers(form), 422
    return render_template("library/number_edit.html", form=form, row=_own_number(number_id)), 422


def _numbers(form: NumberForm) -> str:
    own = [row for row in list_numbers(reader()) if row.is_local]
    return render_template("library/number_keep.html", form=form, rows=own)


def _own_number(number_id: int) -> ImportantNumber:
    row = reader().get(ImportantNumber, number_id)
    if row is None or not row.is_local:
        raise NotFound
    return row


# Topics


@bp.get("/administration/amnen")
@requires(Permission.SETTINGS)
def topic_index() -> str:
    """All topics, and the form for another."""
    return _topics(TopicForm())


@bp.post("/administration/amnen")
@requires(Permission.SETTINGS, with_password=True)
def topic_create() -> Answer:
    """Add a topic."""
    return _save_topic(None)


@bp.get("/administration/amnen/<slug>")
@requires(Permission.SETTINGS)
def topic_edit(slug: str) -> str:
    """Change a topic."""
    topic = get_topic(reader(), slug)
    return render_template("library/topic_edit.html", form=TopicForm(data=vars(topic)), topic=topic)


@bp.post("/administration/amnen/<slug>")
@requires(Permission.SETTINGS, with_password=True)
def topic_update(slug: str) -> Answer:
    """Store the change."""
    return _save_topic(slug)


@bp.post("/administration/amnen/<slug>/borttagning")
@requires(Permission.SETTINGS, with_password=True)
def topic_delete(slug: str) -> Answer:
    """Take away a topic without texts."""
    with transaction() as session:
        keeping.remove_topic(session, slug, by=current_viewer())
    flash("Ämnet är borttaget.")
    return redirect(url_for(".topic_index"), 303)


def _save_topic(slug: str | None) -> Answer:
    form = TopicForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                if slug is None:
                    take_once(session, current_viewer().actor, url_for(".topic_index"))
                name, intro = form.name.data or "", form.intro.data or ""
                keeping.save_topic(session, slug, name=name, intro=intro, by=current_viewer())
            flash("Ämnet är sparat.")
            return redirect(url_for(".topic_index"), 303)
        except Invalid as error:
            form.name.errors = [error.message]
    if slug is None:
        return _topics(form), 422
    topic = get_topic(reader(), slug)
    return render_template("library/topic_edit.html", form=form, topic=topic), 422


def _topics(form: TopicForm) -> str:
    return render_template("library/topic_keep.html", form=form, rows=list_topics(reader()))


# Common situations


@bp.get("/redaktion/lagen")
@requires(Permission.EDIT)
def situation_edit() -> str:
    """The short cuts of the start page."""
    rows = [(row.title, row.item_slug) for row in _situations()]
    return _situation_page(EmptyForm(), rows, {})


@bp.post("/redaktion/lagen")
@requires(Permission.EDIT)
def situation_update() -> Answer:
    """Store them."""
    form = EmptyForm()
    pairs = zip(request.form.getlist("titel"), request.form.getlist("adress"), strict=False)
    rows = [(title[:120], address[:300]) for title, address in pairs]
    if not form.validate_on_submit() or "titel" not in request.form:
        return _situation_page(form, rows, {}), 422
    try:
        with transaction() as session:
            keeping.save_situations(session, rows, by=current_viewer())
    except Invalid as error:
        return _situation_page(form, rows, {error.field: error.message}), 422
    flash("De vanliga lägena är sparade.")
    return redirect(url_for(".situation_edit"), 303)


def _situations() -> list[CommonSituation]:
    return list(reader().scalars(select(CommonSituation).order_by(CommonSituation.position)))


def _situation_page(form: EmptyForm, rows: list[tuple[str, str]], errors: dict[str, str]) -> str:
    padded = (rows + [("", "")] * keeping.MAX_SITUATIONS)[: max(keeping.MAX_SITUATIONS, len(rows))]
    return render_template(
        "library/situation_edit.html",
        form=form,
        rows=padded,
        mistakes=errors,
    )
