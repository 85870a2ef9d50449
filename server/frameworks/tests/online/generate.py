#!/usr/bin/env python3
"""Print random histories for run.py: tables with everything, and batches over them.

usage: generate.py SEED COUNT > drawn.py
"""
import random
import sys

TYPES = [
    "sa.Integer()", "sa.String(50)", "sa.String()", "sa.Text()", "sa.Boolean()", "sa.DateTime()", "sa.Date()",
    "sa.Numeric(10, 2)", "sa.Float()", "sa.BigInteger()", "sa.SmallInteger()", "sa.JSON()", "sa.LargeBinary()",
    "sa.Enum('a', 'bb', name='en')", "sa.Uuid()", "sa.Interval()", "sa.Time()", "sa.CHAR(3)", "sa.TIMESTAMP()",
    "sa.Double()", "sa.VARCHAR(5)", "sa.Unicode(7)", "sa.REAL()", "sa.DECIMAL(5)", "postgresql.UUID()",
    "sa.Enum('x', 'y', native_enum=False, length=9, name='en2')", "sa.String(9, collation='NOCASE')",
    "sa.Boolean(create_constraint=True, name='%s')", "sa.Enum('p', 'q', create_constraint=True, name='%s')",
    "sa.Boolean(create_constraint=True)", "sa.VARBINARY(7)", "sa.Integer().with_variant(sa.BigInteger(), 'sqlite')",
    "sa.String(5).with_variant(sa.Text(), 'sqlite')",
]
DEFAULTS = [
    "'x'", "'0'", "'10'", "''", "sa.text('5')", "sa.text('10')", "sa.text(\"'it''s'\")", "sa.func.now()",
    "sa.text('CURRENT_TIMESTAMP')", "sa.text('(1 + 2)')", "sa.true()", "sa.false()", "sa.text('NULL')",
    "sa.text(\"(datetime('now'))\")", "sa.text('-1')", "sa.text('1.5')",
]
NAMES = ["a", "b", "c", "Dd", "order", "e_f", "g1", "two words", "user", "z", "data", "ab"]
CONVENTION = (
    '# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", '
    '"ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", '
    '"pk": "pk_%(table_name)s"}'
)


class History:
    def __init__(self, r):
        self.r, self.count, self.lines = r, 0, []
        self.names, self.columns, self.indexes, self.constraints = r.sample(NAMES, r.randint(2, 6)), [], [], []
        self.table, self.schema = r.choice(["t", "t", "t", "Tab", "order"]), r.choice([None] * 6 + ["s"])

    def maybe(self, chance):
        return self.r.random() < chance

    def fresh(self, kind):
        self.count += 1
        return self.r.choice(["%s_%d", "%s_%d", "%s_%d", "%s X%d"]) % (kind, self.count)

    def type(self):
        text = self.r.choice(TYPES)
        return text % self.fresh("ty") if "%s" in text else text

    def column(self, name, alone=False):
        parts = [repr(name), self.type()]
        if self.maybe(0.12) and not alone:
            parts.append("sa.ForeignKey('%so.id'%s)" % (self.prefix(), ", ondelete='CASCADE'" if self.maybe(0.5) else ""))
        elif self.maybe(0.1):
            parts.append("sa.ForeignKey('%so.id', name=%r, onupdate='SET NULL')" % (self.prefix(), self.remember("fk", "foreignkey")))
        if self.maybe(0.4):
            parts.append("nullable=%s" % self.maybe(0.5))
        if self.maybe(0.35):
            parts.append("server_default=" + self.r.choice(DEFAULTS))
        if self.maybe(0.1):
            parts.append("index=True")
        if self.maybe(0.1) and not alone:
            parts.append("unique=True")
        if self.maybe(0.04):
            parts.append("comment='hm'")
        if self.maybe(0.04):
            parts.append("default=5")
        return "sa.Column(%s)" % ", ".join(parts)

    def prefix(self):
        return "s." if self.schema else ""

    def remember(self, kind, type_):
        name = self.fresh(kind)
        self.constraints.append((name, type_))
        return name

    def some(self, count=2):
        have = self.columns or ["nope"]
        return self.r.sample(have, min(len(have), self.r.randint(1, count)))

    def create(self):
        items = []
        key = self.r.choice(["flag", "flag", "named", "unnamed", "composite", "none"])
        self.columns = ["id"] + self.names
        if key == "flag":
            items.append("sa.Column('id', sa.Integer(), primary_key=True%s)" % (", autoincrement=True" if self.maybe(0.2) else ""))
        else:
            items.append("sa.Column('id', sa.Integer(), nullable=False)")
        items += [self.column(name) for name in self.names]
        if key == "named":
            items.append("sa.PrimaryKeyConstraint('id', name=%r)" % self.remember("pk", "primary"))
        elif key == "unnamed":
            items.append("sa.PrimaryKeyConstraint('id')")
        elif key == "composite":
            items.append("sa.PrimaryKeyConstraint('id', %r)" % self.names[0])
        for _ in range(self.r.choice([0, 0, 1, 2])):
            items.append(self.constraint())
        if self.maybe(0.1):
            items.append("sa.Column('id2', sa.Integer()), sa.ForeignKeyConstraint(['id2'], ['%s%s.id'])" % (self.prefix(), self.table))
            self.columns.append("id2")
        if self.maybe(0.06):
            items.append("sqlite_autoincrement=True")
        if self.maybe(0.04):
            items.append("sqlite_with_rowid=False")
        kw = ", schema='s'" if self.schema else ""
        out = ["op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer)%s)" % kw]
        out.append("op.create_table(%r,\n    %s%s)" % (self.table, ",\n    ".join(items), kw))
        for _ in range(self.r.choice([0, 1, 1, 2])):
            out.append("op." + self.index("%r, " % self.table, kw))
        return out

    def constraint(self):
        kind = self.r.choice(["uq", "uq", "ck", "ck", "fk", "ckn", "uqn"])
        if kind == "uq":
            return "sa.UniqueConstraint(%s, name=%r)" % (", ".join(map(repr, self.some())), self.remember("uq", "unique"))
        if kind == "uqn":
            return "sa.UniqueConstraint(%s)" % ", ".join(map(repr, self.some()))
        if kind == "ck":
            return "sa.CheckConstraint(%r, name=%r)" % (self.condition(), self.remember("ck", "check"))
        if kind == "ckn":
            return "sa.CheckConstraint(%r)" % self.condition()
        return "sa.ForeignKeyConstraint(%r, ['%so.k'], name=%r, ondelete='SET NULL', deferrable=True, initially='deferred')" % (
            self.some(1), self.prefix(), self.remember("fk", "foreignkey"))

    def condition(self):
        return self.r.choice(["id > 0", "id IS NOT NULL AND (id < 5 OR id > 7)", "length('a)b') > id", "id IN (1, 2)"])

    def index(self, table, kw=""):
        name = self.fresh("ix")
        self.indexes.append(name)
        columns = [repr(c) for c in self.some()]
        if self.maybe(0.08):
            columns = ["sa.text('id DESC')"]
        elif self.maybe(0.05):
            columns = ["sa.text('lower(id)')"]
        return "create_index(%r, %s[%s]%s%s%s)" % (
            name, table, ", ".join(columns), ", unique=True" if self.maybe(0.3) else "",
            ", sqlite_where=sa.text('id > 3')" if self.maybe(0.1) else "", kw)

    def pick_index(self):
        if self.indexes and self.maybe(0.9):
            name = self.r.choice(self.indexes)
            self.indexes.remove(name)
            return name
        return "nix"

    def pick_constraint(self):
        if self.constraints and self.maybe(0.93):
            pick = self.r.choice(self.constraints)
            self.constraints.remove(pick)
            return pick
        return "nope", "unique"

    def directive(self):
        what = self.r.choice(["add"] * 4 + ["alter"] * 5 + ["drop"] * 2 + ["rename"] * 3 + ["index", "unindex", "uq", "ck", "fk", "pk", "undo", "undo"])
        have = self.columns or ["nope"]
        column = self.r.choice(have) if self.maybe(0.98) else "nope"
        if what == "add":
            name = self.r.choice([n for n in NAMES if n not in have] or ["more"])
            place = ""
            if self.maybe(0.12):
                place = ", insert_%s=%r" % (self.r.choice(["after", "before"]), self.r.choice(have))
            text = "add_column(%s%s)" % (self.column(name, self.maybe(0.9)), place)
            self.added.append(name)
            return text
        if what == "alter":
            parts = [repr(column)]
            if self.maybe(0.5):
                parts.append("type_=" + self.type())
                if self.maybe(0.5):
                    parts.append("existing_type=" + self.type())
            if self.maybe(0.4):
                parts.append("nullable=%s" % self.maybe(0.6))
            if self.maybe(0.3):
                parts.append("server_default=" + self.r.choice(DEFAULTS + ["None", "None"]))
            if len(parts) == 1:
                parts.append("nullable=True")
            return "alter_column(%s)" % ", ".join(parts)
        if what == "drop":
            if column == "id" and self.maybe(0.8):
                column = have[-1]
            if column in self.columns:
                self.columns.remove(column)
            return "drop_column(%r)" % column
        if what == "rename":
            new = self.r.choice([n for n in NAMES + ["renamed"] if n not in have + self.added] or ["most"])
            self.renames.append((column, new))
            return "alter_column(%r, new_column_name=%r%s)" % (column, new, ", existing_type=" + self.type() if self.maybe(0.5) else "")
        if what == "index":
            return self.index("")
        if what == "unindex":
            return "drop_index(%r)" % self.pick_index()
        if what == "uq":
            return "create_unique_constraint(%r, %r)" % (self.remember("uq", "unique"), self.some())
        if what == "ck":
            return "create_check_constraint(%r, %r)" % (self.remember("ck", "check"), self.condition())
        if what == "fk":
            return "create_foreign_key(%r, 'o', %r, ['id']%s)" % (
                self.remember("fk", "foreignkey"), self.some(1), ", referent_schema='s'" if self.schema else "")
        if what == "pk":
            return "create_primary_key(%r, %r)" % (self.remember("pk", "primary"), self.some())
        name, type_ = self.pick_constraint()
        return "drop_constraint(%r, type_=%r)" % (name, type_)

    def batch(self):
        self.added, self.renames = [], []
        options = ""
        if self.schema:
            options += ", schema='s'"
        if self.maybe(0.25):
            options += ", recreate=%r" % self.r.choice(["always", "always", "always", "never"])
        if self.maybe(0.08):
            options += ", naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}"
        if self.maybe(0.05):
            options += ", table_kwargs={'sqlite_autoincrement': True}"
        if self.maybe(0.05):
            options += ", table_args=(sa.UniqueConstraint(%r, name=%r),)" % (self.r.choice(self.columns or ['nope']), self.remember("uq", "unique"))
        if self.maybe(0.05) and len(self.columns) > 1:
            options += ", partial_reordering=[(%r, %r)]" % tuple(self.r.sample(self.columns, 2))
        body = ["    b." + self.directive() for _ in range(self.r.choice([1, 1, 2, 2, 3, 5]))]
        for old, new in self.renames:
            if old in self.columns:
                self.columns[self.columns.index(old)] = new
        self.columns += [name for name in self.added if name not in self.columns]
        return ["with op.batch_alter_table(%r%s) as b:" % (self.table, options)] + body

    def plain(self):
        kw = ", schema='s'" if self.schema else ""
        what = self.r.choice(["add", "rename", "table", "index"])
        if what == "add":
            name = self.r.choice([n for n in NAMES if n not in self.columns] or ["more"])
            self.columns.append(name)
            return ["op.add_column(%r, sa.Column(%r, %s, nullable=True)%s)" % (self.table, name, self.type(), kw)]
        if what == "rename" and self.columns:
            old = self.r.choice(self.columns)
            new = self.r.choice([n for n in NAMES + ["renamed"] if n not in self.columns] or ["most"])
            self.columns[self.columns.index(old)] = new
            return ["op.alter_column(%r, %r, new_column_name=%r%s)" % (self.table, old, new, kw)]
        if what == "table":
            old, self.table = self.table, self.table + "2"
            return ["op.rename_table(%r, %r%s)" % (old, self.table, kw)]
        return ["op." + self.index("%r, " % self.table, kw)]

    def write(self, number):
        out = ["# case: r%d" % number]
        if self.maybe(0.2):
            out.append(CONVENTION)
        out += self.create()
        for _ in range(self.r.randint(1, 4)):
            out.append("# next")
            out += self.plain() if self.maybe(0.2) else self.batch()
        return "\n".join(out)


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    for number in range(count):
        print(History(random.Random(seed * 1000003 + number)).write(number))


if __name__ == "__main__":
    main()
