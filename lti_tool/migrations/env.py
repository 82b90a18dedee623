"""Run by alembic: the connection comes from `lti_tool.migrations`."""

from alembic import context

from lti_tool.store import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
