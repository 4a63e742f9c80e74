"""All pages of accounts: importing this module puts them on `bp`."""

from kb.accounts.views import links, messages, own_account, people, signing_in, units
from kb.accounts.views.blueprint import bp

__all__ = ["bp", "links", "messages", "own_account", "people", "signing_in", "units"]
