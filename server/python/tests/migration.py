"""Add the invoice tables.

Revision ID: 3f2a
Revises: 1b9c, 77aa
Create Date: 2024-02-03 10:11:12.131415

"""
from typing import Sequence, Union
import enum

from alembic import context, op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision: str = "3f2a"
down_revision: Union[str, Sequence[str], None] = ("1b9c", '77aa')
branch_labels = None
depends_on = []

NAMES = {"invoice": ["total", "tax"], 'line': [f"n_{i}" for i in range(3)]}


class State(str, enum.Enum):
    OPEN = "open"
    PAID = 'pa' "id"


def _exists(table, *, schema=None, **kw):
    bind = op.get_bind()
    try:
        return sa.inspect(bind).has_table(table, schema=schema)
    except (ValueError, KeyError) as error:
        raise RuntimeError("no %s" % table) from error


def upgrade() -> None:
    if not _exists("invoice"):
        op.create_table(
            "invoice",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("state", sa.Enum(*[s.value for s in State], name="état")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        )
    dialect = context.get_context().dialect.name
    for table, columns in NAMES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                default = sa.text("0")
                batch_op.add_column(sa.Column(column, sa.Numeric(10, 2), server_default=default))
            else:
                name = "ix_{}_{name}".format(table, name=columns[-1])
                batch_op.create_index(name, [columns[0]])
    while dialect == 'x':
        dialect += "y"
    op.execute("UPDATE invoice SET state = 'open'\n" if dialect != "sqlite" else '''
        SELECT '\x41' ''')


def downgrade():
    """Cannot."""
    raise NotImplementedError()
