"""How gunicorn serves Rådrum; read from the working folder. Options on the command line win over these."""

import gc
from pathlib import Path
from typing import Any

from kb import CAPABILITIES
from kb.serving import load_what_is_shared

bind = "127.0.0.1:8000"
workers = 2
worker_class = "kb.serving.DeadlineWorker"
threads = (
    16  # they wait for slow clients; how many requests are worked on at a time is settled in kb/serving.py
)
logger_class = "kb.serving.QuietLogger"
timeout = 60
graceful_timeout = 10
keepalive = 5
loglevel = "warning"

# Version 27 would put a socket into the home folder.
control_socket_disable = True

# Limits on what comes before the body; the body has its own in kb/web/security.py.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# Who may say that a request came over TLS is settled by RADRUM_TRUSTED_PROXIES alone.
forwarded_allow_ips = ""

# Heartbeats must never wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def on_starting(server: Any) -> None:
    """Load the code before there are workers, which then share its memory; not with `--reload`, which reads it anew."""
    if not server.cfg.reload:
        load_what_is_shared(CAPABILITIES)


def post_worker_init(worker: object) -> None:  # noqa: ARG001
    """Look for rubbish more seldom: what the application consists of stays anyway, what a request makes goes by itself.

    It was a tenth of the CPU time of a page.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
