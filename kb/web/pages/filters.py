"""The filters by which templates write dates, times and numbers in Swedish."""

from flask import Flask

from kb.text import wording


def init_app(app: Flask) -> None:
    """Register the filters: datum, klockslag, nar, maskintid, antal, kort."""
    app.jinja_env.filters.update(
        datum=wording.swedish_date,
        klockslag=wording.swedish_time,
        nar=wording.swedish_moment,
        maskintid=wording.machine_time,
        antal=wording.counted,
        kort=wording.shortened,
    )
