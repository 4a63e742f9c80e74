"""Marks on views: who may come in. `kb.accounts` enforces them; a view without a mark stops the start."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., object])
MARK = "__radrum_guard__"


@dataclass(frozen=True)
class Guard:
    """`permission` None means everybody. `same_origin`: an anonymous form, protected by its origin, not by a token.

    `with_password`: who sends the form shows once more who it is, unless that was just done.
    """

    permission: Enum | None = None
    same_origin: bool = False
    with_password: bool = False


def public(view: View) -> View:
    """Everybody may come in."""
    setattr(view, MARK, Guard())
    return view


def public_form(view: View) -> View:
    """Everybody may send this form; it is accepted from our own pages only (Sec-Fetch-Site, else Origin)."""
    setattr(view, MARK, Guard(same_origin=True))
    return view


def requires(permission: Enum, *, with_password: bool = False) -> Callable[[View], View]:
    """Only who holds `permission`; others are sent to sign-in, or get 403. `with_password`: and knows the password."""

    def mark(view: View) -> View:
        setattr(view, MARK, Guard(permission, with_password=with_password))
        return view

    return mark


def guard_of(app: Flask, endpoint: str | None) -> Guard | None:
    """The mark of an endpoint, or None."""
    view = app.view_functions.get(endpoint or "")
    return getattr(view, MARK, None)


def check_guards(app: Flask) -> None:
    """Raise `RuntimeError` naming every endpoint that has no mark."""
    bare = sorted(name for name in app.view_functions if guard_of(app, name) is None)
    if bare:
        raise RuntimeError(f"endpoints without @public or @requires: {', '.join(bare)}")
