"""Alembic's entry: the connection comes from kb.db.upgrade, the tables from kb.models."""

from alembic import context

from kb import models  # noqa: F401  (all tables)
from kb.db import Base, UtcDateTime


def render_item(kind, item, _context):
    """Write our own column types as plain ones, so that migrations stand on their own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
