"""The entry point of every server and of the `flask` command."""

import os
import sys

from kb import create_app
from kb.errors import Refused
from kb.instance import UMASK

os.umask(UMASK)  # whatever the service manager or the shell says
try:
    app = create_app()
except Refused as refusal:
    print(refusal.message, file=sys.stderr)
    raise SystemExit(3) from None  # at 3 gunicorn stops instead of trying again
