# case: create_table
op.create_table('t',
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('b', sa.Boolean(create_constraint=True)),
    sa.Column('e', sa.Enum('a', "b'c", name='en', create_constraint=True, native_enum=False)),
    sa.Column('u', sa.String(5), unique=True, server_default="x'y"),
    sa.Column('d', sa.DateTime, server_default=sa.func.now()),
    sa.Column('n', sa.Numeric(5, 2), server_default=sa.text('0')),
    sa.Column('f', sa.Integer, sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.UniqueConstraint('b', 'u', name='q'), sa.CheckConstraint('n > 1'))
# case: types
op.create_table('t', sa.Column('a', sa.Interval), sa.Column('b', sa.PickleType), sa.Column('c', sa.Float(5)),
    sa.Column('d', sa.Double), sa.Column('e', sa.Enum('a', 'bcd', name='x')), sa.Column('f', sa.Uuid),
    sa.Column('g', sa.UUID), sa.Column('h', sa.JSON), sa.Column('i', sa.LargeBinary(5)),
    sa.Column('j', sa.DateTime(timezone=True)), sa.Column('k', sa.Time), sa.Column('l', sa.Unicode(5, collation='en_US')),
    sa.Column('m', sa.TIMESTAMP(timezone=True)), sa.Column('n', sa.CHAR(3)), sa.Column('o', sa.REAL),
    sa.Column('p', sa.Boolean), sa.Column('q', sa.BigInteger().with_variant(sa.Integer, 'sqlite')),
    sa.Column('r', mysql.DATETIME(fsp=6)), sa.Column('s', sa.Interval(native=False)),
    sa.Column('u', postgresql.TIMESTAMP(precision=3)), sa.Column('v', sa.DATETIME(timezone=True)),
    sa.Column('w', sa.VARCHAR), sa.Column('x', sa.Text), sa.Column('y', sa.SmallInteger), sa.Column('z', sa.Date),
    sa.Column('aa', sa.Uuid(native_uuid=False)), sa.Column('ab', sa.DECIMAL(5)), sa.Column('ac', sa.VARBINARY(7)),
    sa.Column('ad', postgresql.UUID), sa.Column('ae', postgresql.DOUBLE_PRECISION), sa.Column('af', mysql.VARCHAR(5)))
# case: postgresql_types
op.create_table('t', sa.Column('a', postgresql.JSONB), sa.Column('b', postgresql.ARRAY(sa.String(5, collation='C'), dimensions=2)),
    sa.Column('c', postgresql.INTERVAL(fields='DAY TO SECOND', precision=3)), sa.Column('d', postgresql.BIT(3)),
    sa.Column('e', postgresql.CITEXT), sa.Column('f', postgresql.TSVECTOR), sa.Column('g', postgresql.INET),
    sa.Column('h', postgresql.BYTEA), sa.Column('i', sa.ARRAY(sa.Enum('p', name='arr'))), sa.Column('j', postgresql.TIME(timezone=True, precision=2)))
# case: mysql_type
op.add_column('t', sa.Column('x', mysql.LONGTEXT))
# case: keys_1
op.create_table('a', sa.Column('x', sa.String(5), primary_key=True), sa.Column('y', sa.Integer, primary_key=True, autoincrement=True))
# case: keys_2
op.create_table('a', sa.Column('x', sa.Integer, primary_key=True), sa.Column('y', sa.Integer, primary_key=True))
op.create_table('a', sa.Column('x', sa.Integer, sa.ForeignKey('b.c'), primary_key=True))
op.create_table('a', sa.Column('x', sa.Integer, nullable=True), sa.PrimaryKeyConstraint('x'))
op.create_table('a', sa.Column('x', sa.Integer, sa.CheckConstraint('x > 1', name='n')),
    sa.Column('y', sa.Integer, unique=True, autoincrement=False, primary_key=True))
op.create_table('a', sa.Column('x', sa.SmallInteger, primary_key=True, server_default='5'))
op.create_table('a', sa.Column('x', sa.SmallInteger, primary_key=True))
op.create_table('a', sa.Column('x', sa.BigInteger, autoincrement=True, nullable=False), sa.PrimaryKeyConstraint('x', name='pk_a'))
op.create_table('a')
op.create_table('S', sa.Column('id', sa.Integer), sa.Column('k', sa.BigInteger), sa.PrimaryKeyConstraint('k', 'id', name='pk'),
    sa.ForeignKeyConstraint(['k'], ['s.o.id'], onupdate='SET NULL', match='FULL'), comment='x', schema='Sch')
# case: defaults
op.create_table('a', sa.Column('x', sa.String, server_default=sa.text("'a' || 'b'")), sa.Column('y', sa.String, server_default=sa.text('(1)')),
    sa.Column('z', sa.Boolean, server_default=sa.true()), sa.Column('w', sa.DateTime, server_default=sa.text('now()')),
    sa.Column('v', sa.DateTime, server_default=sa.func.current_timestamp(), nullable=False), sa.Column('u', sa.Integer, server_default='0'),
    sa.Column('t', sa.Integer, server_default=sa.text('CURRENT_TIMESTAMP')), sa.Column('s', sa.String, server_default=sa.text("'a:b'::text")))
# case: quoting
op.create_table('a', sa.Column('x', sa.Integer, sa.ForeignKey('s.b.c', use_alter=True, name='q')), sa.Column('order', sa.Integer),
    sa.Column('1a', sa.Integer), sa.Column('aB', sa.Integer), sa.Column('user', sa.Integer), sa.Column('key', sa.Integer), sa.Column('a b"c', sa.Integer))
# case: no_type
op.create_table('a', sa.Column('x'))
# case: generated
op.create_table('t', sa.Column('id', sa.BigInteger().with_variant(sa.Integer, 'sqlite'), primary_key=True),
    sa.Column('o', sa.Integer, sa.Identity(start=5, cycle=True)), sa.Column('p', sa.Integer, sa.Computed('id + 1', persisted=True)),
    sa.Column('z', postgresql.ARRAY(sa.String(5)).with_variant(sa.JSON, 'sqlite')), sa.Column('e1', sa.Enum('a', name='x')),
    sa.Column('e2', sa.Enum('a', name='x')), sa.Column('i', sa.Integer, index=True, unique=True, comment="c'd"),
    sqlite_autoincrement=True, postgresql_partition_by='RANGE (id)', comment="t'c", if_not_exists=True)
op.create_table('t3', sa.Column('e1', sa.Enum('a', name='x')), prefixes=['TEMPORARY'])
# case: indexes
op.create_index('i', 't', [sa.text('lower(x)'), 'y', sa.func.lower(sa.column('z'))], unique=True, postgresql_where=sa.text("a = 'x'"),
    postgresql_using='GIN', postgresql_ops={'y': 'gin_trgm_ops', 'lower(x)': 'text_ops', 'lower': 'no_ops'}, sqlite_where=sa.text('a = 1'), postgresql_include=['q'], postgresql_with={'fillfactor': 50})
op.create_index('i', 't', [sa.column('x').desc(), sa.text('y DESC')], schema='s', if_not_exists=True, postgresql_concurrently=True, postgresql_nulls_not_distinct=True)
op.create_index('i', 't', [sa.column('a') + sa.column('b')])
op.create_index(op.f('ix_a'), 't', ['x'], postgresql_where=sa.column('x') == 'a')
op.create_index('i2', 't', ['x'], postgresql_where='x IS NOT NULL')
op.drop_index('i', 't', schema='s', postgresql_concurrently=True, if_exists=True)
op.drop_index('i')
# case: long_final_name
op.create_index(op.f('ix_' + 'a' * 70), 't', ['x'])
# case: long_name
op.create_index('ix_' + 'a' * 70, 't', ['x'])
# case: alter_all
op.alter_column('t', 'c', nullable=False, server_default='x', type_=sa.Text(), new_column_name='d', existing_type=sa.String(5), comment='hi', postgresql_using='c::text')
# case: alter_each
op.alter_column('t', 'c', server_default=None, schema='a.b')
op.alter_column('t', 'c', server_default=sa.text('now()'))
op.alter_column('t', 'c', server_default=sa.func.now())
op.alter_column('t', 'c', server_default=sa.false())
op.alter_column('t', 'c', new_column_name='Upper')
op.alter_column('t', 'c', type_=sa.Integer, existing_type=sa.Boolean(create_constraint=True, name='zz'))
op.alter_column('t', 'c', type_=sa.Enum('a', native_enum=False, create_constraint=True, name='en'), existing_type=sa.Enum('b', native_enum=False, create_constraint=True, name='en'))
op.alter_column('t', 'c', type_=sa.Enum('a', name='en'), nullable=True)
# case: alter_identity
op.alter_column('t', 'c', server_default=sa.Identity())
op.alter_column('t', 'c', server_default=None, existing_server_default=sa.Identity())
# case: foreign_keys
op.create_foreign_key('fk', 'a', 'b', ['x'], ['y'], ondelete='CASCADE', source_schema='s', referent_schema='r', postgresql_not_valid=True)
op.create_foreign_key(None, 'a', 'b', ['x'], ['y'], initially='DEFERRED')
# case: constraints
op.create_unique_constraint('u', 'a', ['x', 'y'], schema='s', postgresql_nulls_not_distinct=True)
op.create_check_constraint('c', 'a', sa.column('x') > 5)
op.create_check_constraint('c', 'a', 'x > 5')
op.create_check_constraint('c', 'a', sa.column('x').in_(['a', 'b']))
op.create_primary_key('p', 'a', ['x', 'y'])
op.create_exclude_constraint('e', 'a', ('x', '='), (sa.column('y'), '&&'), using='gist', where=sa.text('z'))
op.drop_constraint('u', 'a', type_='unique', schema='s', if_exists=True)
op.drop_constraint('u', 'a')
# case: drop_unnamed
op.drop_constraint(None, 'a', type_='foreignkey')
# case: convention
# convention: {'ix': 'ix_%(column_0_label)s', 'uq': 'uq_%(table_name)s_%(column_0_N_name)s', 'ck': 'ck_%(table_name)s_%(constraint_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s', 'pk': 'pk_%(table_name)s'}
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('u', sa.Integer, unique=True),
    sa.Column('i', sa.Integer, sa.ForeignKey('o.id'), index=True), sa.CheckConstraint('a', name='nm'), sa.CheckConstraint('b', name=op.f('nm2')),
    sa.UniqueConstraint('u', 'i', name='given'), sa.Column('b', sa.Boolean(create_constraint=True, name='bb'), sa.CheckConstraint('z', name='zz')))
op.create_unique_constraint(None, 't', ['a', 'b'])
op.create_check_constraint('nm', 't', 'x')
op.drop_constraint('nm', 't', type_='check')
op.drop_constraint('nm', 't', type_='unique')
op.drop_constraint('nm', 't')
op.create_primary_key(None, 't', ['a'])
# case: tables
op.rename_table('a', 'B', schema='s.t')
op.drop_table('a', schema='s', if_exists=True)
op.create_table_comment('a', "x'y")
op.drop_table_comment('a')
op.drop_column('a', 'x', schema='s', if_exists=True)
# case: add_column
op.add_column('a', sa.Column('x', sa.Boolean(create_constraint=True, name='q'), server_default=sa.false(), nullable=False), schema='s.t')
op.add_column('a', sa.Column('x', sa.Integer, primary_key=True), if_not_exists=True, inline_primary_key=True)
op.add_column('a', sa.Column('x', sa.Integer, sa.ForeignKey('b.c', name='f', ondelete='CASCADE')), inline_references=True)
op.add_column('a', sa.Column('x', sa.Enum('a', name='z'), nullable=False, index=True, comment="it's"))
op.add_column('a', sa.Column('x', sa.Integer, sa.CheckConstraint('x > 1'), unique=True))
# case: add_column_with_key
op.add_column('t', sa.Column('x', sa.Integer, sa.ForeignKey('o.id', name='n', deferrable=True, initially='DEFERRED')))
# case: type_and_block
sa.Enum('a', name='en').create(op.get_bind())
sa.Enum('a', name='en').create(op.get_bind(), checkfirst=True)
postgresql.ENUM('a', name='en', schema='s').drop(op.get_bind())
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE x ADD VALUE 'y'")
op.create_table('t', sa.Column('e', postgresql.ENUM('a', name='en2', create_type=False)), sa.Column('f', postgresql.ENUM('a', name='en3')))
# case: batch_plain
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('x', sa.Integer, index=True))
    b.create_index('i', ['x'])
    b.execute('second')
    b.drop_index('z')
# case: batch_alter
with op.batch_alter_table('t', schema='s') as b:
    b.alter_column('x', nullable=False, existing_type=sa.Integer(), type_=sa.BigInteger())
    b.create_unique_constraint('u', ['x'])
    b.create_foreign_key('f', 'o', ['x'], ['id'], ondelete='CASCADE')
    b.drop_constraint('q', type_='unique')
    b.drop_column('y')
# case: batch_default
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('x', sa.Integer, server_default=sa.text('1')))
# case: batch_placed
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('x', sa.Integer), insert_after='z')
# case: keyword_1
op.create_index('i', 't', ['x'], postgresql_foo=1)
# case: keyword_2
op.create_index('i', 't', ['x'], foo=1)
# case: execute
op.execute("UPDATE t SET a = 'x:y', b = :name, c = a::int, d='\\:foo' WHERE z LIKE '%x'")
op.execute(sa.text('select :a').bindparams(a="it's"))
op.execute('\tSELECT\t1;  \n')
# case: dml
t = sa.table('t', sa.column('a', sa.String), sa.column('b', sa.Integer), sa.column('c', sa.Boolean))
op.execute(t.update().where(t.c.a == op.inline_literal('x')).values(b=5, c=True, a=None))
op.execute(t.update().where(sa.or_(t.c.a == 'x', sa.and_(t.c.b > 3, t.c.c.is_(None)))).values({'c': sa.true()}))
op.execute(t.delete().where(t.c.a.in_(['x', 'y'])))
op.execute(t.insert().values(c=False, a='q'))
op.bulk_insert(t, [{'c': True, 'a': 'z', 'b': None}])
op.execute(sa.select(t.c.a).where(t.c.b.is_not(None)))
op.execute(t.update().where(sa.not_(t.c.a.like('x%'))).values(b=t.c.b + 1))
op.execute(t.update().where(t.c.c == False).values(b=sa.case((t.c.a == 'x', 1), else_=sa.cast(t.c.a, sa.Integer))))
op.execute(t.delete().where(sa.and_(t.c.c, sa.not_(t.c.c))))
op.execute(t.delete().where(sa.not_(t.c.a.in_(['x']))))
op.execute(t.delete().where(sa.not_(sa.or_(t.c.a == 'x', t.c.a == None))))
op.execute(t.delete().where(t.c.b.between(1, 2)))
op.execute(t.delete().where(t.c.a.ilike('x%')))
op.execute(t.delete().where(t.c.a.in_([])))
op.execute(t.delete().where(t.c.a.not_in([])))
op.execute(t.update().values(a=t.c.a + 'x'))
op.execute(t.update().values(a=sa.func.concat(t.c.a, 'x', 1)))
op.execute(t.update().values(b=(t.c.b + 2) * 3))
op.execute(t.update().values(b=t.c.b / 2))
op.execute(t.update().values(b=-t.c.b))
op.execute(t.update().values(b=sa.text('1 + 1'), a=sa.literal_column("'z'")))
op.execute(t.insert().values([{'a': 'x'}, {'a': 'y'}]))
op.execute(t.delete().where(True))
op.execute(t.delete().where(sa.and_(True, t.c.a == 'x', sa.true())))
op.execute(t.delete().where(sa.or_(t.c.a == 'x', True)))
op.execute(t.delete().where(sa.or_(False, t.c.c)))
op.execute(t.delete().where(sa.and_(t.c.a == 'x', False)))
op.execute(t.delete().where(sa.or_(sa.false(), False)))
# case: queries
t = sa.table('t', sa.column('a', sa.String), sa.column('b', sa.Integer))
o = sa.table('o', sa.column('q', sa.String), sa.column('b', sa.Integer))
op.execute(t.update().values(a=sa.select(o.c.q).where(o.c.b == t.c.b).limit(1).scalar_subquery()))
op.execute(t.delete().where(t.c.a.in_(sa.select(o.c.q))))
op.execute(t.update().where(t.c.b == o.c.b).values(a=o.c.q))
op.execute(sa.insert(t).from_select(['a', 'b'], sa.select(o.c.q, o.c.b).where(o.c.b > 5)))
op.execute(sa.select(sa.func.count()).select_from(t))
op.execute(sa.select(sa.func.max(t.c.b), t.c.a.label('z')).order_by(t.c.a.desc()).group_by(t.c.a))
op.execute(t.delete().where(sa.exists(sa.select(o.c.q).where(o.c.b == t.c.b))))
# case: literals
import datetime, decimal, uuid
t = sa.table('t', sa.column('d', sa.DateTime), sa.column('dd', sa.Date), sa.column('tt', sa.Time), sa.column('u', sa.Uuid), sa.column('n', sa.Numeric), sa.column('e', sa.Enum('x', 'y', name='en')))
op.bulk_insert(t, [{'d': datetime.datetime(2020, 1, 2, 3, 4, 5)}, {'d': datetime.datetime(2020, 1, 2, 3, 4, 5, 6)}, {'dd': datetime.date(2020, 1, 2)}, {'tt': datetime.time(1, 2, 3)}])
op.bulk_insert(t, [{'u': uuid.UUID('12345678-1234-1234-1234-123456789abc')}, {'n': 5}, {'n': 5.5}, {'n': decimal.Decimal('1.50')}, {'e': 'x'}])
op.execute(t.update().where(t.c.e == 'x').values(e='y'))
# case: literal_json
t = sa.table('t', sa.column('j', sa.JSON))
op.bulk_insert(t, [{'j': {'a': [1, None, True, "it's"]}}])
# case: literal_untyped
t = sa.table('t', sa.column('z'))
op.execute(t.delete().where(t.c.z == 'x'))
op.execute(t.insert().values(z='x'))
# case: unknown_column
t = sa.table('t', sa.column('z', sa.Integer))
op.execute(t.insert().values(y=1))
# case: insert_into_table
t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('x', sa.String))
op.execute(t.insert().values(x='a'))
op.execute(t.insert().values(id=3, x='a'))
# case: sequences
op.execute(sa.schema.CreateSequence(sa.Sequence('q')))
op.execute(sa.schema.DropSequence(sa.Sequence('q', schema='s')))
op.create_table('t', sa.Column('id', sa.Integer, sa.Sequence('seq'), primary_key=True))
# case: stray_unique
op.create_table('t', sa.Column('a', sa.Integer), sa.UniqueConstraint('b'))
# case: stray_key
op.create_table('t', sa.Column('a', sa.Integer), sa.PrimaryKeyConstraint('b'))
# case: stray_reference
op.create_table('t', sa.Column('a', sa.Integer, sa.ForeignKey('o')))
# case: type_name_taken
op.create_table('t', sa.Column('a', sa.Enum('x', name='text')))
# case: values
op.bulk_insert(sa.table('t', sa.column('a', postgresql.ARRAY(sa.String))), [{'a': ['x', 'y']}])
op.bulk_insert(sa.table('t', sa.column('a', postgresql.JSONB)), [{'a': None}])
op.bulk_insert(sa.table('t', sa.column('a', sa.String)), [])
op.bulk_insert(sa.table('t', sa.column('a', sa.Boolean)), [{'a': 1}])
op.bulk_insert(sa.table('t', sa.column('a', sa.LargeBinary)), [{'a': b'xy'}])
op.bulk_insert(sa.table('t', sa.column('a', sa.Float)), [{'a': 1}])
op.bulk_insert(sa.table('t', sa.column('a', sa.Integer)), [{'a': '5'}])
# case: included
op.create_unique_constraint('u', 't', ['a'], deferrable=True, initially='DEFERRED')
op.create_unique_constraint('u', 't', ['a'], postgresql_include=['b'])
# case: more_columns
op.add_column('t', sa.Column('a', postgresql.ENUM('x', name='e'), server_default='x', nullable=False))
op.add_column('t', sa.Column('a', sa.Integer, sa.Identity(always=True)))
op.add_column('t', sa.Column('a', sa.Integer, sa.Computed('b * 2')))
op.add_column('t', sa.Column('a', sa.Integer, primary_key=True, autoincrement=True))
op.add_column('t', sa.Column('a', sa.Integer, index=True, unique=True))
op.add_column('t', sa.Column('a', sa.Integer, index=True), schema='s')
op.create_index(None, 't', ['a', 'b'])
# case: copy_from
table = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, index=True),
    sa.Column('f', sa.Boolean(create_constraint=True, name='f')), sa.Column('k', sa.Integer, default=5), sa.UniqueConstraint('k', name='q'), sa.Index('ix', 'k'))
with op.batch_alter_table('t', copy_from=table) as b:
    b.alter_column('a', new_column_name='b', nullable=False)
    b.alter_column('k', type_=sa.String(5), existing_type=sa.Integer())
    b.add_column(sa.Column('z', sa.Date))
# case: repeated_in_index
op.create_index('i', 't', ['a', 'b', 'a'])
# case: repeated_as_text
op.create_index('i', 't', [sa.text('a'), 'a'])
# case: repeated_in_unique
op.create_unique_constraint('u', 't', ['a', 'a'])
# case: repeated_in_key
op.create_primary_key('p', 't', ['a', 'a'])
# case: repeated_here
op.create_foreign_key('f', 't', 'o', ['a', 'a'], ['b', 'c'])
# case: repeated_there
op.create_foreign_key('f', 't', 'o', ['a', 'b'], ['c', 'c'])
# case: repeated_in_itself
op.create_foreign_key('f', 't', 't', ['a', 'b'], ['c', 'c'])
