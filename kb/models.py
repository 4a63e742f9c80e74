"""Every table of the application, imported in one place for migrations and tests."""

import kb.accounts.models as accounts
import kb.audit.models as audit
import kb.jobs.models as jobs
import kb.library.core.models as library
import kb.mail.models as mail
import kb.runs.models as runs
import kb.search.models as search
import kb.web.once as once

__all__ = ["accounts", "audit", "jobs", "library", "mail", "once", "runs", "search"]
