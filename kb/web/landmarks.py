"""Pages that every capability may lead to, by endpoint. All others are named by the capability that has them, alone.

Code takes a member, templates write the endpoint out. What leads to a page that is not here is given its address.
"""

from enum import StrEnum


class Landmark(StrEnum):
    """Endpoints known to all."""

    START = "desk.start_show"
    NOW = "desk.now_index"
    TOPIC_NOW = "desk.now_show"
    BEFORE = "desk.before_index"
    AFTER = "desk.after_index"
    DESK = "desk.worklist_show"
    FIRST_DAY = "desk.first_day_show"

    SIGN_IN = "accounts.signin_new"
    SIGN_OUT = "accounts.signin_delete"
    ACCOUNT = "accounts.account_show"
    EVENTS = "audit.event_index"

    CHECKLISTS = "library.checklist_index"
    TEMPLATES = "library.template_index"
    CLAIMS = "library.claim_index"
    TOPIC = "library.topic_show"
    NUMBERS = "library.number_index"
    CHANGES = "library.change_index"
    FEED = "library.change_feed"
    WRITE = "library.draft_new"

    SEARCH = "search.hit_index"
    SUGGESTIONS = "search.suggestion_index"
    RUNS = "runs.run_index"
    RUN = "runs.run_show"
    RUN_COPY = "runs.copy_show"
    OWN_COPIES = "offline.own_index"
    START_HERE = "runs.device_run_new"
    START_RUN = "runs.run_new"
    FOLLOW_UPS = "runs.follow_up_index"
    FOLLOW_UP = "runs.follow_up_show"
