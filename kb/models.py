"""Every table of the application, imported in one place for migrations and tests."""

from kb.accounts import models as accounts
from kb.audit import models as audit
from kb.jobs import models as jobs
from kb.library import models as library
from kb.mail import models as mail
from kb.runs import models as runs
from kb.search import models as search

__all__ = ["accounts", "audit", "jobs", "library", "mail", "runs", "search"]
