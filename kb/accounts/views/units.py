"""Units in the administration: list, make, rename."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kb.accounts import queries
from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import UnitForm, show_error
from kb.accounts.permissions import Permission
from kb.accounts.services.units import create_unit, rename_unit
from kb.accounts.views.blueprint import bp
from kb.errors import Invalid
from kb.web.guards import requires
from kb.web.once import take_once
from kb.web.sessions import reader, transaction

LIST = "/administration/enheter"


@bp.get(LIST)
@requires(Permission.UNITS)
def unit_index() -> str:
    """All units, and the form for another."""
    return _list_page(UnitForm())


@bp.post(LIST)
@requires(Permission.UNITS, with_password=True)
def unit_create() -> tuple[str, int] | Response:
    """Make a unit."""
    form = UnitForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                take_once(session, current_viewer().actor, url_for(".unit_index"))
                unit = create_unit(session, name=form.name.data or "", by=current_viewer())
                flash(f"Enheten {unit.name} är skapad.")
            return redirect(url_for(".unit_index"), 303)
        except Invalid as error:
            show_error(form, error)
    return _list_page(form), 422


@bp.get(f"{LIST}/<public_id>")
@requires(Permission.UNITS)
def unit_edit(public_id: str) -> str:
    """The form for another name, and who belongs to the unit."""
    unit = queries.get_unit(reader(), public_id)
    return _unit_page(public_id, UnitForm(data={"name": unit.name}))


@bp.post(f"{LIST}/<public_id>")
@requires(Permission.UNITS, with_password=True)
def unit_update(public_id: str) -> tuple[str, int] | Response:
    """Rename the unit."""
    form = UnitForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                unit = queries.get_unit(session, public_id)
                rename_unit(session, unit, name=form.name.data or "", by=current_viewer())
            flash("Namnet är sparat.")
            return redirect(url_for(".unit_index"), 303)
        except Invalid as error:
            show_error(form, error)
    return _unit_page(public_id, form), 422


def _list_page(form: UnitForm) -> str:
    units, counts = queries.list_units(reader()), queries.count_members(reader())
    rows = [(unit, counts.get(unit.id, 0)) for unit in units]
    return render_template("accounts/unit_index.html", form=form, rows=rows)


def _unit_page(public_id: str, form: UnitForm) -> str:
    unit = queries.get_unit(reader(), public_id)
    members = [
        (member, queries.role_words(member.roles)) for member in queries.unit_members(reader(), unit.id)
    ]
    return render_template("accounts/unit_edit.html", form=form, unit=unit, members=members)
