"""Alembic's entry: the connection comes from kb.db.upgrade, the tables from kb.models."""

from alembic import context

from kb import models  # noqa: F401  (all tables)
from kb.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
