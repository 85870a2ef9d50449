//! What Python sets before Alembic runs.
