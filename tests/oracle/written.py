"""Revisions that people could write: every directive, type, default, name, value and expression of SQLAlchemy
that Revline claims to know, alone and beside others.

usage: written.py FOLDER

Writes them into FOLDER, a line of revisions. What real Alembic prints for each is asked by render.py.
"""

import pathlib
import sys
import textwrap

HEAD = """\
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql as pg, sqlite
"""

CASES = []


def case(body, head=""):
    CASES.append((head, body))


# Directives with their keywords.

case('op.create_table("a", sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True), sa.Column("s", sa.SmallInteger, autoincrement=True))')
case('op.create_table("a", sa.Column("id", sa.Integer, sa.Identity(always=True, start=5, increment=2, minvalue=1, maxvalue=100, cycle=True, cache=3), primary_key=True))')
case('op.create_table("a", sa.Column("id", sa.Integer, sa.Sequence("sq", start=3, schema="x"), primary_key=True))')
case('op.create_table("a", sa.Column("x", sa.Integer), sa.Column("y", sa.Integer, sa.Computed("x + 1", persisted=True)))')
case('op.create_table("a", sa.Column("x", sa.Integer), sa.Column("y", sa.Integer, sa.Computed("x + 1")))')
case('op.create_table("User", sa.Column("Order", sa.Integer), sa.Column("select", sa.String), sa.Column("weird name", sa.Text), sa.Column("per%cent", sa.Text), sa.Column(\'quo"te\', sa.Text), schema="My Schema")')
case('op.create_table("a", sa.Column("x", sa.String(30, collation="C")), sa.Column("y", sa.Unicode(5)), sa.Column("z", sa.UnicodeText()), sa.Column("l", sa.LargeBinary(20)), sa.Column("t", sa.Time(timezone=True)), sa.Column("ts", sa.TIMESTAMP(timezone=True)), sa.Column("i", sa.Interval()), sa.Column("d", sa.Double()), sa.Column("f", sa.Float(10)), sa.Column("fx", sa.Float(53, asdecimal=True)), sa.Column("u", sa.Uuid()), sa.Column("u2", sa.UUID()), sa.Column("p", sa.PickleType()))')
case('op.create_table("a", sa.Column("x", sa.ARRAY(sa.Integer, dimensions=2)), sa.Column("j", sa.JSON(none_as_null=True)))')
case('op.create_table("a", sa.Column("x", pg.ARRAY(pg.ENUM("a","b",name="en"))), sa.Column("j", pg.JSONB(astext_type=sa.Text())), sa.Column("h", pg.HSTORE), sa.Column("c", pg.CIDR), sa.Column("i", pg.INET), sa.Column("m", pg.MACADDR), sa.Column("mo", pg.MONEY), sa.Column("ts", pg.TSVECTOR), sa.Column("r", pg.INT4RANGE), sa.Column("tr", pg.TSTZRANGE), sa.Column("b", pg.BIT(3)), sa.Column("vb", pg.BIT(varying=True)), sa.Column("iv", pg.INTERVAL("DAY TO SECOND", precision=3)), sa.Column("tz", pg.TIMESTAMP(precision=3, timezone=True)), sa.Column("d", pg.DOMAIN("dom", sa.Integer)), sa.Column("o", pg.OID), sa.Column("rc", pg.REGCLASS), sa.Column("by", pg.BYTEA), sa.Column("ct", pg.CITEXT), sa.Column("dp", pg.DOUBLE_PRECISION))')
case('op.create_table("a", sa.Column("x", sa.Enum("a", "b", name="e1", native_enum=False)), sa.Column("y", sa.Enum("a", "b", name="e2", create_constraint=True, native_enum=False)), sa.Column("z", sa.Enum("a", "it\'s", name="e3", schema="s")), sa.Column("b", sa.Boolean(create_constraint=True)), sa.Column("bb", sa.Boolean(name="nm", create_constraint=True)))')
case('op.create_table("a", sa.Column("x", sa.Enum("a", length=10, native_enum=False)))')
case('''import enum
class E(enum.Enum):
    A = "aa"
    B = "bb"
op.create_table("a", sa.Column("x", sa.Enum(E)), sa.Column("y", sa.Enum(E, values_callable=lambda e: [m.value for m in e], name="lower")))''')
case('op.create_table("a", sa.Column("x", sa.Integer, server_default="5"), sa.Column("y", sa.String, server_default=""), sa.Column("z", sa.String, server_default="it\'s"), sa.Column("t", sa.DateTime, server_default=sa.func.now()), sa.Column("t2", sa.DateTime, server_default=sa.text("(CURRENT_TIMESTAMP)")), sa.Column("b", sa.Boolean, server_default=sa.true()), sa.Column("b2", sa.Boolean, server_default=sa.sql.expression.false()), sa.Column("n", sa.Integer, server_default=sa.null()), sa.Column("f", sa.Integer, server_default=sa.literal(3)), sa.Column("fn", sa.String, server_default=sa.func.coalesce("a", sa.text("b"))), sa.Column("ft", sa.Integer, server_default=sa.FetchedValue()))')
case('op.create_table("a", sa.Column("x", sa.Integer), sa.PrimaryKeyConstraint("x", name="pk"), sa.ForeignKeyConstraint(["x"], ["b.y"], name="fk", ondelete="SET NULL", onupdate="CASCADE", deferrable=True, initially="DEFERRED", use_alter=False, match="FULL"), sa.UniqueConstraint("x", deferrable=True), sa.CheckConstraint("x > 5 AND x like \'%a\'", name="ck"), comment="it\'s 100%", info={}, prefixes=["TEMPORARY"])')
case('op.create_table("a", sa.Column("x", sa.Integer, comment="c\'s"), sa.Column("y", sa.Integer), sa.Index("ix_z", "x", "y", unique=True), postgresql_partition_by="RANGE (x)", postgresql_tablespace="ts", postgresql_with={"fillfactor": 70}, postgresql_on_commit="DROP", postgresql_inherits="p")')
case('op.create_table("a", sa.Column("x", sa.Integer), if_not_exists=True)')
case('op.create_table("a", sa.Column("x", sa.Integer, primary_key=True, autoincrement=False), sa.Column("y", sa.Integer, primary_key=True), sqlite_with_rowid=False)')
case('op.create_table("a", sa.Column("x", sa.Integer, primary_key=True), sqlite_strict=True, sqlite_autoincrement=True)')
case('op.create_index("ix", "a", ["x", sa.text("lower(y)"), sa.desc("z"), sa.func.lower(sa.column("q"))], unique=True, postgresql_where=sa.text("x > 3"), postgresql_using="gin", postgresql_ops={"x": "gin_trgm_ops"}, postgresql_include=["w"], postgresql_concurrently=True, postgresql_with={"fastupdate": True}, postgresql_nulls_not_distinct=True, postgresql_tablespace="t", sqlite_where=sa.text("x > 3"), if_not_exists=True)')
case('op.create_index("ix", "a", [sa.column("x").desc().nullslast()], schema="s")')
case('op.create_index(None, "a", ["x"])')
case('op.create_index(op.f("ix_a_x"), "a", ["x"], postgresql_using="btree")')
case('op.drop_index("ix", table_name="a", schema="s", if_exists=True, postgresql_concurrently=True)')
case('op.drop_index("ix")')
case('op.drop_table("a", schema="s", if_exists=True)')
case('op.drop_constraint("fk", "a", type_="foreignkey", schema="s")')
case('op.drop_constraint("ck", "a", if_exists=True)')
case('op.add_column("a", sa.Column("x", sa.Integer, sa.ForeignKey("b.id", name="fkx", ondelete="CASCADE"), nullable=False, server_default="3", comment="hey", index=True, unique=True), schema="s", if_not_exists=True)')
case('op.add_column("a", sa.Column("x", sa.Enum("p","q",name="pq")))')
case('op.drop_column("a", "x", schema="s", if_exists=True)')
case('op.drop_column("a", "x", mssql_drop_default=True)')
case('op.alter_column("a", "x", type_=sa.Integer, postgresql_using="x::integer", existing_type=sa.String, nullable=False, server_default=sa.text("5"), comment="cc", existing_comment="old", new_column_name="yy", schema="s")')
case('op.alter_column("a", "x", server_default=None, nullable=True)')
case('op.alter_column("a", "x", server_default=sa.Identity(start=3))')
case('op.alter_column("a", "x", server_default=sa.Identity(start=3), existing_server_default=sa.Identity(start=1))')
case('op.alter_column("a", "x", server_default=None, existing_server_default=sa.Identity(start=1))')
case('op.alter_column("a", "x", server_default=sa.Computed("y"))')
case('op.alter_column("a", "x", comment=None)')
case('op.alter_column("a", "x", type_=sa.Boolean(create_constraint=True, name="n"), existing_type=sa.Boolean(create_constraint=True, name="m"))')
case('op.alter_column("a", "x", type_=sa.Enum("a", name="new"), existing_type=sa.Enum("b", name="old"))')
case('op.rename_table("a", "B c", schema="s")')
case('op.create_unique_constraint("uq", "a", ["x", "y"], schema="s", deferrable=True, initially="IMMEDIATE", postgresql_include=["z"], postgresql_nulls_not_distinct=True)')
case('op.create_check_constraint("ck", "a", sa.and_(sa.column("x") > 5, sa.column("n").in_(["a", "b"])))')
case('op.create_check_constraint("ck", "a", "x > 5", postgresql_not_valid=True)')
case('op.create_primary_key("pk", "a", ["x", "y"])')
case('op.create_foreign_key("fk", "a", "b", ["x"], ["y"], source_schema="s1", referent_schema="s2", ondelete="RESTRICT", deferrable=False, postgresql_not_valid=True)')
case('op.create_exclude_constraint("ex", "a", ("x", "&&"), (sa.text("lower(y)"), "="), where=sa.text("x > 1"), using="gist", deferrable=True)')
case('op.create_table_comment("a", "it\'s", existing_comment="x", schema="s")\nop.drop_table_comment("a", schema="s")')
case('op.execute("UPDATE a SET x = \':y\' WHERE z = \\"%s\\" -- c")')
case('op.execute(sa.text("UPDATE a SET x = :v, y = :w::int, t = :d").bindparams(sa.bindparam("v", 5), sa.bindparam("w", "q", type_=sa.String), d=None))')
case('''import datetime, decimal, uuid
t = sa.table("a", sa.column("i", sa.Integer), sa.column("n", sa.Numeric), sa.column("d", sa.Date), sa.column("dt", sa.DateTime), sa.column("b", sa.Boolean), sa.column("u", sa.Uuid), sa.column("s"), sa.column("j", sa.JSON), sa.column("f", sa.Float))
op.bulk_insert(t, [dict(i=-5, n=decimal.Decimal("1.50"), d=datetime.date(2020,1,2), dt=datetime.datetime(2020,1,2,3,4,5,6), b=True, u=uuid.UUID("12345678123456781234567812345678"), s="a\\\\b:c%d", j={"a": [1,2.5,None,True,"é"]}, f=1e20)])''')
case('''t = sa.table("a", sa.column("i", sa.Integer), sa.column("s", sa.String))
op.execute(t.insert().values([{"i": 1, "s": "x"}, {"i": 2, "s": "y"}]))
op.execute(t.update().where(t.c.s.is_(None)).where(t.c.i.between(1, 5)).values({t.c.s: sa.case((t.c.i > 3, "big"), else_="small")}))
op.execute(t.delete().where(~t.c.s.ilike("a_%", escape="/")))
op.execute(sa.update(t).values(s=sa.func.concat(t.c.s, "-", sa.cast(t.c.i, sa.String))))
op.execute(sa.select(t.c.i, sa.func.count().label("n")).group_by(t.c.i).having(sa.func.count() > 1).order_by(t.c.i.desc()).limit(5).offset(2).distinct())''')
case('''a = sa.table("a", sa.column("i"), sa.column("s")); b = sa.table("b", sa.column("i"), sa.column("s"), schema="z")
op.execute(a.update().values(s=b.c.s).where(a.c.i == b.c.i))
op.execute(a.insert().from_select(["i", "s"], sa.select(b.c.i, b.c.s).where(sa.exists().where(a.c.i == b.c.i))))
op.execute(a.update().values(s=sa.select(b.c.s).where(b.c.i == a.c.i).scalar_subquery()))
op.execute(a.delete().where(a.c.i.in_(sa.select(b.c.i).where(b.c.s != "q"))))
op.execute(sa.select(a.join(b, a.c.i == b.c.i)))''')
case('''with op.get_context().autocommit_block():
    op.execute("ALTER TYPE e ADD VALUE 'x'")
op.execute("SELECT 1")''')
case('''pg.ENUM("a", "b", name="ee", create_type=False).create(op.get_bind(), checkfirst=False)
sa.Enum("a", name="e2").create(op.get_bind(), checkfirst=False)
sa.Enum(name="e3").drop(op.get_bind(), checkfirst=False)
op.add_column("t", sa.Column("z", pg.ENUM("a", "b", name="ee", create_type=False)))''')
case('''with op.batch_alter_table("a", schema="s") as b:
    b.add_column(sa.Column("x", sa.Integer), insert_after="q")
    b.drop_column("y")
    b.create_index("ixx", ["x"])
    b.create_foreign_key("f", "o", ["x"], ["id"])
    b.execute("SELECT 2")''')
case('''t = op.create_table("a", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(5), default="zz"))
op.bulk_insert(t, [{"id": 1}, {"id": 2}])''')
case('''if op.get_bind().dialect.name == "postgresql":
    op.execute("PG")
elif op.get_context().dialect.name.startswith("sq"):
    op.execute("SQ")
op.execute(f"{op.get_bind().engine.name}")''')
case('''op.execute("SELECT '" + "x" * 70 + "'")
op.create_table("t" * 70, sa.Column("c" * 70, sa.Integer, index=True))''')

# Tables, metadata and helpers.

case('op.create_foreign_key("fk","a","s.b",["x"],["y"])')
case('op.create_foreign_key("fk","a","b",["x"],["y.z"])')
case('op.create_foreign_key("fk","a","b",["x.q"],["y"])')
case('op.create_foreign_key("fk","s.a","b",["x"],["y"])')
case('op.create_table("a", sa.Column("x", sa.Integer, sa.ForeignKey("p.q.r")), sa.Column("y", sa.Integer, sa.ForeignKey("p.q")), sa.ForeignKeyConstraint(["x","y"], ["s.t.a", "s.t.b"]))')
case('op.create_table("a", sa.Column("x", sa.Integer, sa.ForeignKey("a.b.c.d")))')
case('op.create_table("a", sa.Column("x", sa.Integer, sa.ForeignKey("nodot")))')
case('''import enum
class E(enum.Enum):
    A = "aa"
    B = "bb"
t = sa.table("t", sa.column("c", sa.Enum(E, values_callable=lambda e: [m.value for m in e])), sa.column("d", sa.Enum(E)))
op.bulk_insert(t, [{"c": E.A, "d": E.B}])
op.execute(t.update().values(c=E.B, d="A"))
op.execute(t.delete().where(t.c.c == E.B).where(t.c.d != "B"))''')
case('''t = sa.table("t", sa.column("c", sa.Enum("a", name="q")))
op.execute(t.update().values(c="zzz"))''')
case('''t = sa.table("t", sa.column("c", sa.Enum("a", name="q", validate_strings=True)))
op.execute(t.update().values(c="zzz"))''')
case('''m = sa.MetaData()
t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("o", sa.Integer, sa.ForeignKey("o.id")))
sa.Table("o", m, sa.Column("id", sa.Integer, primary_key=True))
t.create(op.get_bind())''')
case('''m = sa.MetaData()
sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("o", sa.Integer, sa.ForeignKey("o.id")))
sa.Table("o", m, sa.Column("id", sa.Integer, primary_key=True))
m.create_all(op.get_bind())''')
case('''m = sa.MetaData(schema="zz")
t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True))
op.execute(t.insert().values(id=3))
op.execute(t.update().values(id=4).where(t.c.id == 3))
op.execute(sa.select(t))
t.drop(op.get_bind())''')
case('''t = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String, default="d"), sa.Column("s", sa.String, server_default="x"), sa.Column("up", sa.DateTime, onupdate=sa.func.now()))
op.execute(t.insert().values(s="q"))
op.execute(t.update().values(s="q"))''')
case('''t = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String))
op.bulk_insert(t, [{"id": 1, "n": "a"}, {"id": 2, "n": None}])
op.bulk_insert(t, [{"id": 1}, {"id": 2, "n": "x"}])''')
case('''sa.Index("ix", sa.Column("a", sa.Integer)).create(op.get_bind())''')
case('''op.execute(sa.schema.CreateTable(sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer))))
op.execute(sa.schema.DropTable(sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer))))
op.execute(sa.schema.CreateSequence(sa.Sequence("sq", start=5)))
op.execute(sa.schema.DropSequence(sa.Sequence("sq")))
op.execute(sa.schema.CreateSchema("sc", if_not_exists=True))''')
case('''from sqlalchemy.orm import declarative_base, Session
Base = declarative_base()
class U(Base):
    __tablename__ = "u"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("nm", sa.String(5))
op.execute(sa.update(U).values(name="x").where(U.id == 3))
op.execute(sa.insert(U).values(id=1, name="b"))
op.execute(sa.delete(U).where(U.name == "c"))
op.execute(sa.select(U.id, U.name))
op.bulk_insert(U.__table__, [{"id": 1, "nm": "z"}])''')
case('''t = sa.table("t", sa.column("a"), sa.column("b"))
for row in [(1, "x"), (2, "y")]:
    op.execute(t.insert().values(a=row[0], b=row[1]))
op.execute(t.insert().values({"a": 1}))
op.execute(t.insert().values([1, 2]))
op.execute(t.insert().values((1, 2)))
op.execute(t.insert(), )''')
case('''from sqlalchemy.dialects.postgresql import insert
t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.Integer))
op.execute(insert(t).values(a=1, b=2).on_conflict_do_nothing())
op.execute(insert(t).values(a=1).on_conflict_do_nothing(index_elements=["a"]))
op.execute(insert(t).values(a=1).on_conflict_do_update(index_elements=["a"], set_={"b": 5}))
s = insert(t).values(a=1)
op.execute(s.on_conflict_do_update(constraint="uq", set_=dict(b=s.excluded.b), where=t.c.a > 1))
op.execute(insert(t).values(a=1).returning(t.c.a))''')
case('''t = sa.table("t", sa.column("a"))
op.execute(t.select().where(t.c.a == 1))
op.execute(sa.select(t).order_by(t.c.a))
op.execute(sa.select(t.c.a).select_from(t).where(sa.text("a = 1")))
op.execute(sa.select(sa.text("a, b")).select_from(sa.text("t")))
op.execute(sa.select(sa.literal_column("1")).union_all(sa.select(sa.literal_column("2"))))
op.execute(sa.union(sa.select(t.c.a), sa.select(t.c.a)))''')
case('''t = sa.table("t", sa.column("a"), sa.column("b")); s = t.alias("s")
op.execute(t.update().values(a=sa.select(s.c.b).where(s.c.a == t.c.a).scalar_subquery()))
op.execute(sa.select(s.c.a, t.c.b).where(s.c.a == t.c.a))
q = sa.select(t.c.a).where(t.c.b == 1).subquery("q")
op.execute(t.update().values(b=q.c.a).where(t.c.a == q.c.a))
cte = sa.select(t.c.a).cte("cc")
op.execute(t.delete().where(t.c.a.in_(sa.select(cte.c.a))))''')
case('''with op.batch_alter_table("t") as b:
    b.add_column(sa.Column("x", sa.Integer, sa.ForeignKey("o.id", name="f")))
    b.alter_column("y", new_column_name="z", existing_type=sa.Integer)
    b.create_unique_constraint("u", ["x"])
    b.drop_constraint("old", type_="unique")
    b.create_check_constraint("c", sa.text("x > 1"))
    b.create_index(b.f("ix_t_x"), ["x"], unique=False)
    b.drop_index("old_ix")
    b.create_primary_key("pk", ["x"])
    b.create_table_comment("hi")''')
case('''conv = {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
with op.batch_alter_table("t", naming_convention=conv) as b:
    b.create_unique_constraint(None, ["x"])
    b.create_foreign_key(None, "o", ["x"], ["id"])
    b.create_check_constraint("pos", "x > 0")
    b.drop_constraint("uq_t_x")
m = sa.MetaData(naming_convention=conv)
t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer, sa.ForeignKey("o.id"), unique=True, index=True), sa.CheckConstraint("x > 0", name="pos"))
sa.Table("o", m, sa.Column("id", sa.Integer, primary_key=True))
t.create(op.get_bind())''')
case('''op.create_table("t", sa.Column("a", sa.Integer), *[sa.Column(f"c{i}", sa.String(i + 1)) for i in range(3)], sa.PrimaryKeyConstraint("a"), **{"schema": "q"})''')
case('''cols = [sa.Column("a", sa.Integer, primary_key=True)]
cols.append(sa.Column("b", sa.Integer))
op.create_table("t", *cols)
c = cols[1]
c2 = c.copy() if hasattr(c, "copy") else c
op.add_column("u", sa.Column("b", sa.Integer))''')
case('''def ts():
    return [sa.Column("created", sa.DateTime(), server_default=sa.func.now(), nullable=False)]
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), *ts())
op.create_table("t2", sa.Column("id", sa.Integer, primary_key=True), *ts())''')
case('''op.execute("""
    UPDATE t
       SET a = 'x''y', b = E'\\\\n'
     WHERE c LIKE '%%'
""".strip())
op.execute("SELECT %(a)s" % {"a": 5})
op.execute("SELECT {}".format("z"))
op.execute(text := "SELECT 1")
op.execute(("SELECT "
            "2"))''')
case('''op.get_bind().execute(sa.text("SELECT 1"))
op.get_bind().execute(sa.text("SELECT :x"), {"x": 1})
op.get_bind().execute(sa.text("SELECT :x"), dict(x=1))
op.get_bind().execute(sa.text("SELECT :x").bindparams(x=1))''')
case('''op.get_bind().execute("SELECT 1")''')
case('''op.execute(sa.text("SELECT :x"), execution_options={"a": 1})''')
case('''op.execute(sa.func.pg_notify("a", "b"))
op.execute(sa.select(sa.func.setval("seq", 5, True)))''')
case('''op.create_table("t", sa.Column("id", sa.Integer, sa.Identity(), primary_key=True), sa.Column("a", sa.Integer, sa.Identity(always=False, start=1), nullable=True), sa.Column("b", sa.Integer, sa.Identity(on_null=True)))''')
case('''op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, comment=""), comment="")
op.create_table("u", sa.Column("x", sa.Integer, nullable=None), sa.Column("y", sa.Integer, key="k", quote=True), sa.Column("z", sa.Integer, system=True))''')
case('''op.create_table("t", sa.Column("x", sa.Integer, sa.CheckConstraint("x > 1")), sa.Column("y", sa.Integer, sa.CheckConstraint("y > 1", name="cy"), sa.ForeignKey("o.i")), sa.CheckConstraint(sa.column("x") > 5), sa.CheckConstraint(sa.text("a like '%x'")))''')
case('''op.create_table("t", sa.Column("x", sa.Integer), postgresql_with_oids=False, mysql_engine="InnoDB", mysql_charset="utf8", sqlite_autoincrement=True, listeners=[], info={"a": 1}, keep_existing=True)''')
case('''op.create_index("i", "t", ["x"], mysql_length=5, postgresql_ops={"x": "varchar_pattern_ops"}, unique=None)
op.create_index("i2", "t", [sa.text("(a || b)"), "c"], postgresql_using="hash", info={})
op.create_index("i3", "t", ["x"], postgresql_where="x > 1")
op.create_index("i4", "t", [sa.func.coalesce(sa.column("x"), 0)], postgresql_where=sa.column("x").is_(None))
op.create_index("i5", "t", [sa.literal_column("x DESC")], postgresql_include=["a", "b"])
op.create_index("i6", "t", ["x"], postgresql_with={"m": 16, "ef": "64"})''')
case('''op.add_column("t", sa.Column("a", sa.String(), sa.Computed("b || 'x'", persisted=True)))
op.add_column("t", sa.Column("b", sa.DateTime(), server_default=sa.text("now()"), nullable=False), insert_directive=None) if False else None
op.add_column("t", sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 0")))
op.add_column("t", sa.Column("d", sa.Integer(), primary_key=True))
op.add_column("t", sa.Column("e", sa.Integer(), autoincrement=True, primary_key=True))
op.add_column("t", sa.Column("f", sa.Integer(), sa.Sequence("sq")))''')
case('''op.alter_column("t", "c", existing_type=sa.INTEGER(), type_=sa.BigInteger(), existing_nullable=False, autoincrement=True)
op.alter_column("t", "c", nullable=False, existing_server_default=sa.text("1"))
op.alter_column("t", "c", server_default=sa.text("x"), existing_nullable=True, postgresql_using="c")
op.alter_column("t", "c", type_=sa.String(5), modify_comment=False) if False else None
op.alter_column("t", "c", type_=sa.String(5), existing_type=sa.Enum("a", name="e"), postgresql_using="c::text")
op.alter_column(table_name="t", column_name="c", new_column_name="d")
op.alter_column("t", "c", comment="x", existing_comment=None)
op.alter_column("t", "c")''')
case('''op.drop_constraint(None, "t")''')
case('''op.drop_constraint("c", "t", "check")
op.drop_constraint(constraint_name="p", table_name="t", type_="primary")
op.drop_index(index_name="i", table_name="t")
op.drop_index(op.f("i"), "t", if_exists=None)
op.drop_table("t", schema=None)
op.drop_column("t", "c", "s") if False else None''')
case('''from alembic.operations import ops
op.invoke(ops.DropTableOp("t"))''')
case('''op.execute(sa.text("select 1").execution_options(autocommit=True))
op.execute(sa.text("select ':x', \\\\:y, a::int, :z").bindparams(z="q"))
op.execute(sa.text("""do $$ begin raise notice '%', 1; end $$;"""))''')

# Expressions, assigned to a column, selected, and as a condition.

TABLES = """\
t = sa.table("t", sa.column("i", sa.Integer), sa.column("s", sa.String), sa.column("b", sa.Boolean),
    sa.column("d", sa.DateTime), sa.column("n", sa.Numeric(10, 2)), sa.column("x"))
u = sa.table("u", sa.column("i", sa.Integer), sa.column("s", sa.String), schema="z")
"""
EXPRESSIONS = [
    't.c.i + 1 * 2 - t.c.i',
    '(t.c.i + 1) * 2',
    '-t.c.i',
    't.c.i / 2',
    't.c.i // 2',
    't.c.i % 2',
    't.c.s + "x"',
    '"x" + t.c.s',
    't.c.s.concat("a")',
    't.c.s.op("||")("q")',
    't.c.s.op("->>")("q")',
    't.c.i.op("&")(4)',
    't.c.i.bitwise_and(3)',
    't.c.b',
    '~t.c.b',
    't.c.b == True',
    't.c.b.is_(True)',
    't.c.b.is_not(False)',
    't.c.s == None',
    't.c.s != None',
    't.c.i.in_([])',
    't.c.i.not_in([1,2])',
    't.c.s.in_(["a"])',
    'sa.not_(t.c.i == 1)',
    'sa.not_(sa.and_(t.c.i == 1, t.c.b))',
    'sa.or_(t.c.i == 1, sa.and_(t.c.i == 2, t.c.s == "q"))',
    '(t.c.i == 1) & (t.c.i == 2) | t.c.b',
    't.c.s.startswith("a%")',
    't.c.s.endswith("a", autoescape=True)',
    't.c.s.contains("a_b", autoescape=True)',
    't.c.s.icontains("a")',
    't.c.s.like("%x")',
    't.c.s.not_like("x", escape="!")',
    't.c.s.regexp_match("a+")',
    't.c.s.match("x")',
    't.c.i.between(1, t.c.i)',
    '~t.c.i.between(1,2)',
    'sa.between(t.c.i, 1, 2)',
    't.c.s.collate("C")',
    'sa.func.lower(t.c.s) == "x"',
    'sa.func.now()',
    'sa.func.current_timestamp()',
    'sa.func.coalesce(t.c.s, "d", None)',
    'sa.func.my.schema.fn(1)',
    'sa.func.Mixed(1)',
    'sa.func.count("*")',
    'sa.func.count(t.c.i.distinct())',
    'sa.func.sum(t.c.i).over(partition_by=t.c.s, order_by=t.c.d.desc())',
    'sa.func.row_number().over()',
    'sa.func.string_agg(t.c.s, ",").filter(t.c.i > 1)',
    'sa.func.array_agg(sa.text("x"))',
    'sa.cast(t.c.i, sa.Numeric(5,1))',
    'sa.cast("5", sa.Integer)',
    'sa.type_coerce(t.c.i, sa.String)',
    't.c.i.cast(sa.Text)',
    'sa.case((t.c.i == 1, "a"), (t.c.i == 2, t.c.s))',
    'sa.case({1: "a", 2: "b"}, value=t.c.i, else_=None)',
    'sa.literal(5)',
    'sa.literal("it\'s")',
    'sa.literal(True)',
    'sa.literal(None)',
    'sa.literal(1.5)',
    'sa.literal_column("a b")',
    'sa.text("raw :x")',
    'sa.text("raw %s \\\\:y")',
    'sa.null()',
    'sa.true()',
    'sa.extract("year", t.c.d)',
    'sa.func.date_trunc("day", t.c.d)',
    'sa.distinct(t.c.i)',
    't.c.i.label("lbl")',
    't.c.d + sa.text("interval \'1 day\'")',
    'sa.func.now() - sa.text("x")',
    't.c.i.is_distinct_from(None)',
    'sa.tuple_(t.c.i, t.c.s).in_([(1,"a")])',
    'sa.any_(t.c.x)',
    't.c.x == sa.func.any(sa.literal(3))',
    'sa.func.length(t.c.s) > 3',
    'sa.exists().where(u.c.i == t.c.i)',
    'sa.exists(sa.select(u.c.i).where(u.c.i == t.c.i))',
    '~sa.exists(sa.select(sa.literal(1)).select_from(u).where(u.c.i == t.c.i))',
    'sa.select(sa.func.max(u.c.i)).scalar_subquery()',
    't.c.i.in_(sa.select(u.c.i))',
    't.c.n * 1.5',
    't.c.n == 3',
    'sa.column("weird Col") == 1',
    'sa.column("order", sa.Integer) + 1',
    't.c.x["a"]',
    't.c.x["a"].astext',
    'sa.func.jsonb_set(t.c.x, "{a}", sa.cast("1", pg.JSONB))',
    't.c.x.cast(pg.JSONB)["k"].astext',
    'pg.array([1,2])',
    'sa.func.unnest(pg.array(["a"]))',
    'sa.literal("x", sa.String)',
    'sa.bindparam("p", 5)',
    'sa.literal(5, sa.String)',
    'sa.func.to_char(t.c.d, "YYYY:MM")',
    'sa.nullslast(t.c.i.desc())',
    't.c.missing',
]

for expression in EXPRESSIONS:
    case(TABLES + f"op.execute(sa.update(t).values(x={expression}))")
    case(TABLES + f"op.execute(sa.select({expression}).where({expression}))")

# Types.

TYPES = [
    'sa.String()',
    'sa.String(0)',
    'sa.String(length=10)',
    'sa.VARCHAR(5)',
    'sa.CHAR(3)',
    'sa.NVARCHAR(3)',
    'sa.NCHAR(3)',
    'sa.CLOB()',
    'sa.TEXT()',
    'sa.Text(100)',
    'sa.Text(collation="C")',
    'sa.Numeric()',
    'sa.Numeric(10)',
    'sa.Numeric(10,3)',
    'sa.Numeric(asdecimal=False)',
    'sa.DECIMAL(5,2)',
    'sa.NUMERIC(3)',
    'sa.Float()',
    'sa.Float(24)',
    'sa.FLOAT(5)',
    'sa.REAL()',
    'sa.Double()',
    'sa.DOUBLE()',
    'sa.DOUBLE_PRECISION()',
    'sa.Double(53)',
    'sa.BIGINT()',
    'sa.SMALLINT()',
    'sa.INTEGER()',
    'sa.INT()',
    'sa.DATE()',
    'sa.TIME()',
    'sa.DATETIME()',
    'sa.DateTime(timezone=True)',
    'sa.TIMESTAMP()',
    'sa.BLOB()',
    'sa.BINARY(5)',
    'sa.VARBINARY(5)',
    'sa.BOOLEAN()',
    'sa.JSON()',
    'sa.Interval(native=False)',
    'sa.Interval(second_precision=3)',
    'sa.UUID(as_uuid=False)',
    'sa.Uuid(native_uuid=False)',
    'sa.types.NullType()',
    'sa.types.TypeEngine()',
    'sa.Enum("a", "b")',
    'sa.Enum("a", "b", name="x", metadata=sa.MetaData())',
    'sa.Enum("a", "b", name="Mixed Name")',
    'sa.Enum("a", "bb", name="x", native_enum=False, length=20)',
    'sa.Enum("a", "bb", name="x", native_enum=False, create_constraint=True)',
    'sa.Enum("it\'s", "b%", name="x")',
    'pg.UUID()',
    'pg.UUID(as_uuid=True)',
    'pg.JSON()',
    'pg.ARRAY(sa.String(5))',
    'pg.ARRAY(sa.Integer, dimensions=2)',
    'pg.ARRAY(sa.Enum("a", name="e"))',
    'pg.TIMESTAMP(timezone=True)',
    'pg.TIMESTAMP(precision=0)',
    'pg.TIME(True)',
    'pg.TIME(timezone=True, precision=2)',
    'pg.INTERVAL()',
    'pg.INTERVAL(fields="YEAR TO MONTH")',
    'pg.BIT(5)',
    'pg.BIT(5, varying=True)',
    'pg.TSQUERY()',
    'pg.NUMRANGE()',
    'pg.DATERANGE()',
    'pg.INT8MULTIRANGE()',
    'pg.MACADDR8()',
    'pg.VARCHAR(3)',
    'pg.TEXT()',
    'pg.FLOAT(4)',
    'pg.REAL()',
    'pg.NUMERIC(4,1)',
    'pg.BOOLEAN()',
    'pg.ENUM("a", name="x")',
    'pg.ENUM("a", name="x", create_type=False)',
    'pg.ENUM(name="x")',
    'pg.JSONPATH()',
    'pg.DOMAIN("dd", sa.Integer, check="VALUE > 0", not_null=True)',
    'sqlite.DATETIME()',
    'sqlite.JSON()',
    'sqlite.DATE()',
    'sqlite.TIMESTAMP()',
    'sqlite.INTEGER()',
    'mysql.TINYINT(1)',
    'mysql.LONGTEXT()',
    'mysql.INTEGER(unsigned=True)',
    'mysql.VARCHAR(5, collation="utf8_bin")',
    'mysql.DATETIME(fsp=6)',
    'mysql.ENUM("a")',
    'mysql.MEDIUMTEXT()',
    'mysql.DOUBLE()',
    'sa.String(5).with_variant(sa.Text(), "postgresql")',
    'sa.JSON().with_variant(pg.JSONB(), "postgresql", "cockroachdb")',
    'sa.Text().with_variant(mysql.LONGTEXT(), "mysql")',
    'sa.String',
    'sa.Integer',
    'sa.DateTime',
    'pg.JSONB',
    'sa.LargeBinary',
    'sa.Boolean',
    'sa.PickleType',
    'sa.Unicode',
    'sa.BigInteger',
    'sa.ARRAY(sa.String)',
    'sa.String(50, "utf8")',
    'sa.TIMESTAMP(True)',
    'sa.TupleType(sa.Integer)',
]

for type_ in TYPES:
    case(f'op.create_table("t", sa.Column("c", {type_}))')
    case(
        f'op.add_column("t", sa.Column("c", {type_}, nullable=False))\n'
        f'op.alter_column("t", "c", type_={type_}, existing_type=sa.Integer())'
    )

# Defaults of the database.

DEFAULTS = [
    '"x"',
    'sa.text("1")',
    'sa.text("\'a\'::text")',
    'sa.text("now()")',
    'sa.func.now()',
    'sa.func.current_timestamp()',
    'sa.func.gen_random_uuid()',
    'sa.text("")',
    '""',
    'sa.sql.false()',
    'sa.true()',
    'sa.null()',
    'sa.literal("x")',
    'sa.literal(3)',
    'sa.literal_column("5")',
    'sa.func.coalesce(1, "x")',
    'sa.cast("x", sa.String)',
    'sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")',
    'sa.text("a + b")',
    'sa.text("(a + b)")',
    '"a\\\\b"',
    '"%s"',
    '"it\'s"',
    'sa.schema.DefaultClause("zz")',
    'sa.FetchedValue()',
    'sa.Computed("a+1")',
    'sa.Identity()',
    'sa.sql.expression.text("5")',
    'sa.text("\\\\:x")',
    'sa.func.nextval("seq")',
    'sa.text("nextval(\'s\'::regclass)")',
    'sa.Sequence("q").next_value()',
    '-1',
    '5',
    'True',
    'None',
    'False',
    'b"x"',
    'sa.column("z")',
    'sa.text("1").label("x")',
    'sa.extract("year", sa.func.now())',
    'sa.func.now() + sa.text("1")',
    'sa.sql.func.json_build_object("a", 1)',
]

for default in DEFAULTS:
    case(f'op.create_table("t", sa.Column("c", sa.String(9), server_default={default}))')
    case(f'op.alter_column("t", "c", server_default={default}, existing_type=sa.String(9))')

# Names.

NAMES = [
    'a',
    'A',
    'select',
    'user',
    'a b',
    'a-b',
    '1a',
    'a$b',
    'é',
    '"q"',
    "it's",
    'a.b',
    'x%y',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
]

for name in map(repr, NAMES):
    case(
        f'op.create_table({name}, sa.Column({name}, sa.Integer, primary_key=True), schema={name})\n'
        f"op.drop_table({name}, schema={name})"
    )
    case(
        f"op.create_index({name}, {name}, [{name}], schema={name})\n"
        f"op.drop_index({name}, table_name={name}, schema={name})"
    )
    case(
        f"op.create_unique_constraint({name}, {name}, [{name}], schema={name})\n"
        f'op.drop_constraint({name}, {name}, type_="unique")'
    )
    case(f"op.create_foreign_key({name}, {name}, {name}, [{name}], [{name}], referent_schema={name})")
    case(
        f'op.alter_column({name}, {name}, new_column_name={name} + "2", comment={name})\n'
        f'op.rename_table({name}, {name} + "3")'
    )
    case(
        f"t = sa.table({name}, sa.column({name}))\n"
        f"op.bulk_insert(t, [{{{name}: {name}}}])\n"
        f"op.execute(t.update().where(t.c[{name}] == {name}).values({{{name}: 1}}))"
    )
    case(
        f'op.create_table("t", sa.Column("i", sa.Integer, sa.ForeignKey({name} + ".id")), '
        f"sa.Column({name}, sa.Integer, unique=True), sa.UniqueConstraint({name}), "
        f'sa.ForeignKeyConstraint([{name}], ["z.q"]))'
    )
    case(
        f'op.create_table("t", sa.Column("i", sa.Enum("x", name={name})), '
        f'sa.CheckConstraint("i > 0", name={name}), comment={name})'
    )

# Values on their way into columns.

VALUES_HEAD = """\
import datetime, decimal, enum, uuid
class E(enum.Enum):
    A = "aa"
"""
VALUES = [
    '1',
    '-1',
    '1.5',
    '1e400',
    'float("nan")',
    '"x"',
    '"a\\nb"',
    '"tab\\t"',
    '"nul\\0"',
    '"\\\\"',
    '"%"',
    '"%%"',
    '":x"',
    '"é😀"',
    '""',
    'None',
    'True',
    'b"ab"',
    'b"\\xff"',
    '[1]',
    '{"a":1}',
    '("a",)',
    '10**30',
    '0.1',
    '1/3',
    'datetime.date(2020,1,2)',
    'datetime.datetime(2020,1,2,3,4)',
    'datetime.datetime(2020,1,2,3,4,5,6)',
    'datetime.time(1,2)',
    'datetime.timedelta(days=1)',
    'decimal.Decimal("1.10")',
    'decimal.Decimal("1E+5")',
    'uuid.UUID(int=5)',
    'E.A',
    'E.A.value',
    'sa.text("now()")',
    'sa.func.now()',
    'sa.null()',
    'sa.literal("q")',
    'str(1.0)',
    'f"{1:>5}"',
    '"a" "b"',
    '"it\'s"',
]
COLUMN_TYPES = [
    '',
    'sa.Integer',
    'sa.String',
    'sa.Float',
    'sa.Numeric',
    'sa.Boolean',
    'sa.Date',
    'sa.DateTime',
    'sa.Time',
    'sa.JSON',
    'sa.LargeBinary',
    'sa.Uuid',
    'sa.Enum("A","x",name="e")',
    'pg.JSONB',
    'pg.UUID(as_uuid=False)',
    'sa.BigInteger',
    'sa.Text',
    'pg.ARRAY(sa.Integer)',
    'sa.Interval',
    'sa.Enum(E)',
]

for type_ in COLUMN_TYPES:
    column = f'sa.column("c", {type_})' if type_ else 'sa.column("c")'
    for value in VALUES:
        case(
            f't = sa.table("t", {column})\n'
            f'op.bulk_insert(t, [{{"c": {value}}}])\n'
            f"op.execute(t.update().values(c={value}))\n"
            f"op.execute(t.delete().where(t.c.c == {value}))",
            VALUES_HEAD,
        )


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    down = None
    for number, (head, body) in enumerate(CASES):
        revision = f"w{number:05}"
        text = (
            f"{HEAD}{head}\nrevision = {revision!r}\ndown_revision = {down!r}\n\n\ndef upgrade():\n"
            f"{textwrap.indent(body, '    ')}\n\n\ndef downgrade():\n    pass\n"
        )
        (folder / f"{revision}.py").write_text(text, encoding="utf-8")
        down = revision


if __name__ == "__main__":
    main()
