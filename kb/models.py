"""Every table of the application, imported in one place for migrations and tests."""

import kb.accounts.models as accounts
import kb.audit.models as audit
import kb.jobs.models as jobs
import kb.library.core.models.items as texts
import kb.library.core.models.links as links
import kb.library.core.models.lists as lists
import kb.library.core.models.reviewing as reviewing
import kb.mail.models as mail
import kb.runs.models as runs
import kb.search.models as search
import kb.web.once as once

__all__ = [
    "accounts",
    "audit",
    "jobs",
    "links",
    "lists",
    "mail",
    "once",
    "reviewing",
    "runs",
    "search",
    "texts",
]
