# case: r0
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('g1', sa.Numeric(10, 2), server_default=sa.text("(datetime('now'))")),
    sa.Column('b', sa.Time()),
    sa.Column('e_f', sa.String(9, collation='NOCASE')),
    sa.Column('data', sa.Integer(), unique=True),
    sa.PrimaryKeyConstraint('id', name='pk_1'))
op.create_index('ix X2', 't', [sa.text('lower(id)')], unique=True)
op.create_index('ix_3', 't', ['data', 'e_f'])
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('c', sa.String(), nullable=True, server_default='10'))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('e_f')
# case: r1
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ab', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=True, server_default=sa.text("(datetime('now'))")),
    sa.Column('e_f', sa.String(5).with_variant(sa.Text(), 'sqlite')),
    sa.Column('g1', sa.Numeric(10, 2)),
    sa.PrimaryKeyConstraint('id', name='pk X1'))
op.create_index('ix_2', 't', [sa.text('id DESC')])
# next
with op.batch_alter_table('t') as b:
    b.alter_column('id', type_=sa.String(), existing_type=sa.JSON())
    b.create_index('ix_3', ['e_f'])
    b.drop_column('g1')
    b.alter_column('ab', type_=sa.String(50), existing_type=sa.String())
    b.add_column(sa.Column('c', sa.Enum('p', 'q', create_constraint=True, name='ty X4'), nullable=False, index=True))
# case: r2
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data', sa.Float(), sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.Column('order', sa.Boolean(create_constraint=True, name='ty_1'), server_default=''),
    sa.Column('e_f', sa.DECIMAL(5), sa.ForeignKey('o.id')),
    sa.Column('c', sa.BigInteger()),
    sa.PrimaryKeyConstraint('id'))
op.create_index('ix_2', 't', ['data'])
# next
with op.batch_alter_table('t') as b:
    b.drop_index('ix_2')
# next
with op.batch_alter_table('t') as b:
    b.create_index('ix X3', ['id'])
    b.alter_column('id', new_column_name='two words', existing_type=sa.Uuid())
# next
with op.batch_alter_table('t') as b:
    b.create_index('ix_4', ['e_f', 'two words'], unique=True, sqlite_where=sa.text('id > 3'))
# case: r3
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user', sa.TIMESTAMP(), unique=True),
    sa.Column('e_f', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_1'),
    sa.Column('id2', sa.Integer()), sa.ForeignKeyConstraint(['id2'], ['order.id']),
    sqlite_autoincrement=True)
op.create_index('ix_2', 'order', ['user'])
# next
with op.batch_alter_table('order') as b:
    b.alter_column('e_f', new_column_name='data', existing_type=sa.Float())
# case: r4
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('b', sa.Time(), nullable=True, unique=True),
    sa.Column('ab', sa.Text(), nullable=True, server_default='x', index=True),
    sa.Column('c', postgresql.UUID(), sa.ForeignKey('s.o.id', name='fk_1', onupdate='SET NULL'), nullable=True), schema='s')
op.create_index('ix_2', 't', ['ab'], unique=True, schema='s')
# next
op.add_column('t', sa.Column('data', sa.Enum('p', 'q', create_constraint=True, name='ty X3'), nullable=True), schema='s')
# next
with op.batch_alter_table('t', schema='s', recreate='always') as b:
    b.drop_column('b')
    b.create_foreign_key('fk_4', 'o', ['data'], ['id'], referent_schema='s')
    b.create_foreign_key('fk_5', 'o', ['ab'], ['id'], referent_schema='s')
# case: r5
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('order', sa.Enum('a', 'bb', name='en'), sa.ForeignKey('o.id')),
    sa.Column('ab', sa.VARCHAR(5), server_default=sa.true()),
    sa.Column('two words', sa.Text(), server_default=sa.func.now()),
    sa.Column('a', sa.Interval()),
    sa.Column('user', sa.Float(), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint('id IN (1, 2)', name='ck X1'),
    sa.ForeignKeyConstraint(['order'], ['o.k'], name='fk X2', ondelete='SET NULL', deferrable=True, initially='deferred'))
# next
with op.batch_alter_table('t') as b:
    b.create_unique_constraint('uq X3', ['ab'])
    b.add_column(sa.Column('c', sa.Boolean(create_constraint=True, name='ty_4'), nullable=False, server_default='10', index=True))
    b.alter_column('id', new_column_name='renamed')
    b.add_column(sa.Column('b', sa.REAL(), nullable=True, server_default=sa.false()), insert_after='id')
    b.create_primary_key('pk_5', ['ab'])
# next
with op.batch_alter_table('t') as b:
    b.create_unique_constraint('uq_6', ['user'])
    b.create_primary_key('pk_7', ['user', 'two words'])
    b.drop_constraint('ck X1', type_='check')
    b.create_foreign_key('fk X8', 'o', ['a'], ['id'])
    b.add_column(sa.Column('data', sa.JSON()))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.alter_column('order', new_column_name='z', existing_type=sa.CHAR(3))
    b.create_check_constraint('ck_9', 'id IN (1, 2)')
# case: r6
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('ab', sa.Integer(), server_default=sa.text('CURRENT_TIMESTAMP')),
    sa.Column('user', sa.DateTime(), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL'), server_default=sa.true()),
    sa.ForeignKeyConstraint(['id'], ['o.k'], name='fk_2', ondelete='SET NULL', deferrable=True, initially='deferred'))
op.create_index('ix_3', 'order', ['ab'])
op.create_index('ix_4', 'order', ['ab', 'user'], unique=True)
# next
with op.batch_alter_table('order') as b:
    b.alter_column('user', new_column_name='b')
    b.add_column(sa.Column('order', sa.Double(), nullable=False))
    b.add_column(sa.Column('b', sa.Unicode(7)))
    b.alter_column('user', type_=sa.JSON(), server_default=None)
    b.drop_column('id')
# next
with op.batch_alter_table('order', recreate='always') as b:
    b.alter_column('ab', new_column_name='Dd')
    b.drop_index('nix')
    b.drop_constraint('fk_2', type_='foreignkey')
# next
with op.batch_alter_table('order') as b:
    b.add_column(sa.Column('c', sa.JSON()))
# next
with op.batch_alter_table('order') as b:
    b.add_column(sa.Column('a', sa.JSON(), server_default=sa.text('NULL')))
    b.alter_column('order', nullable=False)
# case: r7
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('e_f', sa.TIMESTAMP()),
    sa.Column('ab', sa.TIMESTAMP(), server_default=sa.true()),
    sa.CheckConstraint('id > 0', name='ck X1'),
    sqlite_with_rowid=False)
op.create_index('ix_2', 't', ['e_f', 'ab'])
op.create_index('ix_3', 't', ['e_f', 'ab'])
# next
op.alter_column('t', 'id', new_column_name='z')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('z', nullable=True)
    b.alter_column('z', new_column_name='user', existing_type=sa.Unicode(7))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('data', sa.TIMESTAMP(), nullable=False))
    b.alter_column('ab', new_column_name='z', existing_type=sa.String(9, collation='NOCASE'))
# next
op.rename_table('t', 't2')
# case: r8
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('c', sa.Numeric(10, 2)),
    sa.Column('b', sa.TIMESTAMP(), nullable=True),
    sa.Column('Dd', sa.Text(), server_default=sa.false()))
# next
with op.batch_alter_table('order', recreate='never') as b:
    b.create_primary_key('pk X1', ['id'])
# next
with op.batch_alter_table('order') as b:
    b.create_check_constraint('ck_2', 'id IN (1, 2)')
    b.create_unique_constraint('uq_3', ['Dd', 'id'])
    b.add_column(sa.Column('a', sa.VARBINARY(7), default=5))
    b.drop_column('Dd')
    b.alter_column('b', type_=sa.CHAR(3), nullable=True)
# case: r9
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('z', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL'), nullable=True),
    sa.Column('Dd', sa.Text()),
    sa.Column('two words', sa.Uuid(), nullable=True, index=True),
    sa.Column('user', sa.Boolean(create_constraint=True, name='ty_2'), nullable=True),
    sa.Column('data', sa.Text(), nullable=False, server_default=sa.text('1.5')),
    sa.Column('c', sa.Boolean(create_constraint=True, name='ty_3'), nullable=True))
op.create_index('ix X4', 't', ['z'])
op.create_index('ix_5', 't', ['z', 'Dd'])
# next
op.create_index('ix_6', 't', ['Dd', 'two words'], sqlite_where=sa.text('id > 3'))
# case: r10
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('two words', sa.Integer(), unique=True),
    sa.Column('b', sa.Integer(), unique=True),
    sa.Column('g1', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), server_default=sa.text('(1 + 2)')),
    sa.Column('z', sa.LargeBinary(), server_default=sa.text('-1')),
    sa.Column('order', sa.Uuid(), server_default=sa.text("'it''s'"), index=True),
    sa.PrimaryKeyConstraint('id', 'two words'),
    sa.ForeignKeyConstraint(['two words'], ['o.k'], name='fk_1', ondelete='SET NULL', deferrable=True, initially='deferred'))
op.create_index('ix_2', 't', ['z'], sqlite_where=sa.text('id > 3'))
op.create_index('ix_3', 't', ['order', 'id'])
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.create_unique_constraint('uq_4', ['z', 'two words'])
# case: r11
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('e_f', sa.Date(), sa.ForeignKey('o.id', name='fk X1', onupdate='SET NULL')),
    sa.Column('order', sa.Numeric(10, 2), server_default=sa.text("(datetime('now'))"), unique=True),
    sa.Column('data', sa.String(), sa.ForeignKey('o.id', name='fk_2', onupdate='SET NULL')),
    sa.Column('a', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), server_default=sa.text('NULL')),
    sa.Column('b', sa.BigInteger()),
    sa.Column('ab', sa.SmallInteger(), sa.ForeignKey('o.id'), nullable=True))
op.create_index('ix_3', 'Tab', ['ab'])
# next
with op.batch_alter_table('Tab', recreate='always') as b:
    b.add_column(sa.Column('Dd', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), nullable=True, server_default='10'))
    b.create_unique_constraint('uq_4', ['b'])
# next
with op.batch_alter_table('Tab') as b:
    b.add_column(sa.Column('two words', sa.Float()), insert_before='Dd')
    b.drop_column('data')
# next
op.rename_table('Tab', 'Tab2')
# case: r12
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('e_f', sa.Interval(), nullable=False),
    sa.Column('ab', sa.Uuid(), server_default=sa.text('1.5')),
    sa.Column('two words', sa.Boolean(create_constraint=True), nullable=True),
    sa.Column('c', sa.Integer(), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=False, server_default=sa.text('10'), comment='hm'),
    sa.CheckConstraint("length('a)b') > id", name='ck_1'),
    sa.CheckConstraint('id IS NOT NULL AND (id < 5 OR id > 7)', name='ck X2'),
    sqlite_autoincrement=True)
op.create_index('ix X3', 'order', ['ab', 'id'], unique=True)
# next
op.alter_column('order', 'two words', new_column_name='user')
# next
with op.batch_alter_table('order') as b:
    b.alter_column('user', type_=sa.DateTime(), existing_type=sa.String(9, collation='NOCASE'), server_default=sa.text('5'))
# next
with op.batch_alter_table('order', recreate='always') as b:
    b.create_foreign_key('fk_4', 'o', ['user'], ['id'])
    b.add_column(sa.Column('order', sa.Double(), server_default='x', index=True))
# next
op.rename_table('order', 'order2')
# case: r13
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('c', sa.SmallInteger(), nullable=False),
    sa.Column('ab', sa.SmallInteger()),
    sa.Column('b', sa.Boolean(create_constraint=True, name='ty X1'), server_default=sa.text("'it''s'"), index=True),
    sa.Column('user', sa.SmallInteger(), sa.ForeignKey('o.id'), nullable=False, server_default='10'),
    sa.Column('two words', sa.Integer(), server_default=sa.false()),
    sa.Column('order', sa.Interval(), sa.ForeignKey('o.id'), nullable=True, server_default=sa.text('-1')),
    sa.UniqueConstraint('ab', 'user', name='uq_2'),
    sa.UniqueConstraint('two words', name='uq_3'))
op.create_index('ix X4', 't', ['ab'])
op.create_index('ix_5', 't', [sa.text('lower(id)')], unique=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('user', type_=sa.Boolean(create_constraint=True), nullable=True)
# case: r14
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ab', sa.Numeric(10, 2), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL'), nullable=True, server_default=sa.true()),
    sa.Column('a', sa.Enum('p', 'q', create_constraint=True, name='ty_2'), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.CheckConstraint('id IN (1, 2)', name='ck_3'),
    sa.CheckConstraint('id > 0', name='ck_4'),
    sa.Column('id2', sa.Integer()), sa.ForeignKeyConstraint(['id2'], ['t.id']))
op.create_index('ix_5', 't', ['id2', 'ab'], unique=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='two words', existing_type=sa.Uuid())
    b.alter_column('ab', nullable=True)
# next
op.rename_table('t', 't2')
# next
with op.batch_alter_table('t2', recreate='always', partial_reordering=[('ab', 'id2')]) as b:
    b.drop_column('id2')
    b.create_foreign_key('fk_6', 'o', ['ab'], ['id'])
    b.alter_column('ab', type_=sa.REAL(), server_default=sa.false())
    b.add_column(sa.Column('data', sa.Interval(), nullable=False, server_default=sa.true()))
    b.alter_column('ab', new_column_name='e_f')
# next
with op.batch_alter_table('t2') as b:
    b.create_index('ix_7', ['e_f'], unique=True)
    b.drop_constraint('fk_1', type_='foreignkey')
    b.alter_column('e_f', nullable=False, server_default='0')
    b.drop_constraint('ck_3', type_='check')
    b.alter_column('two words', new_column_name='b')
# case: r15
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('Dd', sa.CHAR(3), sa.ForeignKey('o.id'), server_default=''),
    sa.Column('data', sa.Interval(), unique=True),
    sa.UniqueConstraint('data'),
    sa.CheckConstraint("length('a)b') > id", name='ck_1'))
op.create_index('ix_2', 't', ['Dd', 'id'], unique=True)
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('z', sa.CHAR(3), nullable=True, index=True))
    b.create_check_constraint('ck_3', 'id IS NOT NULL AND (id < 5 OR id > 7)')
    b.create_check_constraint('ck_4', 'id IN (1, 2)')
    b.add_column(sa.Column('a', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), server_default=sa.func.now()))
    b.create_foreign_key('fk_5', 'o', ['id'], ['id'])
# next
op.alter_column('t', 'id', new_column_name='user')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('Dd', new_column_name='two words', existing_type=sa.JSON())
    b.add_column(sa.Column('c', sa.DECIMAL(5), index=True))
# case: r16
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('g1', sa.SmallInteger(), nullable=False, server_default=sa.text('(1 + 2)'), comment='hm'),
    sa.Column('z', sa.Boolean(create_constraint=True, name='ty_1'), sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.Column('two words', sa.Date()),
    sa.PrimaryKeyConstraint('id', 'g1'))
op.create_index('ix_2', 'Tab', ['z'], sqlite_where=sa.text('id > 3'))
# next
with op.batch_alter_table('Tab', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.drop_constraint('nope', type_='unique')
# next
with op.batch_alter_table('Tab') as b:
    b.add_column(sa.Column('Dd', sa.LargeBinary()))
    b.create_check_constraint('ck_3', "length('a)b') > id")
    b.drop_index('ix_2')
    b.add_column(sa.Column('ab', sa.Text()))
    b.drop_constraint('ck_3', type_='check')
# next
with op.batch_alter_table('Tab') as b:
    b.alter_column('two words', type_=sa.VARBINARY(7), existing_type=sa.Boolean(create_constraint=True))
# next
with op.batch_alter_table('Tab') as b:
    b.drop_column('Dd')
# case: r17
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ab', sa.SmallInteger(), nullable=True, server_default='10', comment='hm'),
    sa.Column('g1', sa.JSON(), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL'), nullable=False, server_default=sa.text('(1 + 2)')),
    sa.PrimaryKeyConstraint('id', name='pk_2'),
    sa.CheckConstraint("length('a)b') > id", name='ck_3'),
    sa.ForeignKeyConstraint(['id'], ['o.k'], name='fk_4', ondelete='SET NULL', deferrable=True, initially='deferred'))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('ab')
# case: r18
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data', postgresql.UUID()),
    sa.Column('b', sa.TIMESTAMP()),
    sa.PrimaryKeyConstraint('id', name='pk_1'))
op.create_index('ix X2', 't', ['b'])
op.create_index('ix_3', 't', ['id', 'data'])
# next
with op.batch_alter_table('t') as b:
    b.create_check_constraint('ck_4', 'id IS NOT NULL AND (id < 5 OR id > 7)')
    b.create_foreign_key('fk_5', 'o', ['data'], ['id'])
    b.alter_column('data', type_=sa.Uuid(), existing_type=sa.Boolean(create_constraint=True), nullable=True, server_default=sa.text('5'))
# next
op.create_index('ix X6', 't', ['b'])
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('order', sa.VARBINARY(7), nullable=False, server_default='x'))
# next
with op.batch_alter_table('t', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}, partial_reordering=[('order', 'data')]) as b:
    b.alter_column('order', type_=sa.Date(), existing_type=sa.Text())
# case: r19
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('a', sa.Double(), server_default='x', index=True),
    sa.Column('user', sa.VARCHAR(5), server_default='x'),
    sa.Column('two words', sa.BigInteger(), nullable=False, server_default=sa.func.now()),
    sa.Column('z', sa.REAL(), nullable=True),
    sqlite_autoincrement=True)
op.create_index('ix_1', 't', ['two words'])
op.create_index('ix_2', 't', ['z'])
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.alter_column('id', nullable=False, server_default=sa.true())
# next
with op.batch_alter_table('t', table_args=(sa.UniqueConstraint('a', name='uq X3'),)) as b:
    b.alter_column('id', server_default=None)
    b.create_index('ix_4', ['id'])
    b.alter_column('user', new_column_name='data', existing_type=sa.Boolean(create_constraint=True, name='ty_5'))
# next
with op.batch_alter_table('t') as b:
    b.create_primary_key('pk_6', ['id', 'z'])
# case: r20
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('data', sa.SmallInteger(), nullable=True),
    sa.Column('order', sa.VARCHAR(5), nullable=False),
    sa.Column('Dd', sa.Interval()),
    sa.UniqueConstraint('data', 'id'),
    sa.UniqueConstraint('data', name='uq X1'))
op.create_index('ix_2', 'order', [sa.text('id DESC')])
op.create_index('ix_3', 'order', [sa.text('lower(id)')], unique=True)
# next
with op.batch_alter_table('order', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.alter_column('order', type_=sa.Uuid(), nullable=True)
# next
with op.batch_alter_table('order', table_kwargs={'sqlite_autoincrement': True}, partial_reordering=[('id', 'Dd')]) as b:
    b.alter_column('order', type_=sa.Float(), existing_type=sa.SmallInteger(), nullable=True)
# next
with op.batch_alter_table('order', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.alter_column('data', type_=sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), nullable=False)
# case: r21
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ab', sa.REAL(), server_default=sa.func.now()),
    sa.Column('order', sa.Integer(), server_default=sa.text('CURRENT_TIMESTAMP')),
    sa.Column('c', sa.String(50), nullable=True, server_default=sa.text("'it''s'"), comment='hm'),
    sa.Column('g1', sa.DECIMAL(5), sa.ForeignKey('s.o.id'), nullable=False),
    sa.PrimaryKeyConstraint('id', 'ab'),
    sa.UniqueConstraint('c', 'ab'),
    sa.CheckConstraint('id IS NOT NULL AND (id < 5 OR id > 7)'), schema='s')
op.create_index('ix_1', 'order', ['order', 'g1'], schema='s')
# next
with op.batch_alter_table('order', schema='s', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.alter_column('c', server_default=sa.text('1.5'))
    b.create_index('ix_2', [sa.text('lower(id)')])
# next
with op.batch_alter_table('order', schema='s', partial_reordering=[('id', 'g1')]) as b:
    b.alter_column('g1', server_default=sa.text('(1 + 2)'))
# next
with op.batch_alter_table('order', schema='s', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.alter_column('ab', new_column_name='b')
    b.drop_column('order')
    b.alter_column('ab', new_column_name='data', existing_type=sa.Integer().with_variant(sa.BigInteger(), 'sqlite'))
    b.drop_column('c')
    b.drop_column('g1')
# case: r22
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('b', sa.Boolean(create_constraint=True, name='ty X1'), server_default='10'),
    sa.Column('data', sa.String(), sa.ForeignKey('o.id', ondelete='CASCADE'), server_default=sa.text("(datetime('now'))"), index=True),
    sa.Column('g1', sa.Boolean(create_constraint=True, name='ty_2'), sa.ForeignKey('o.id', name='fk X3', onupdate='SET NULL'), nullable=True, index=True),
    sa.Column('Dd', sa.Boolean(create_constraint=True), nullable=True, server_default=sa.func.now(), comment='hm'),
    sa.PrimaryKeyConstraint('id', 'b'))
op.create_index('ix_4', 'order', ['Dd'])
# next
with op.batch_alter_table('order', recreate='always', table_kwargs={'sqlite_autoincrement': True}, partial_reordering=[('Dd', 'id')]) as b:
    b.create_index('ix_5', ['id', 'b'])
    b.create_index('ix_6', ['g1', 'b'], sqlite_where=sa.text('id > 3'))
# next
with op.batch_alter_table('order') as b:
    b.drop_index('ix_5')
    b.alter_column('b', type_=sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), existing_type=sa.Integer())
# next
op.create_index('ix_7', 'order', ['g1'])
# next
with op.batch_alter_table('order', table_args=(sa.UniqueConstraint('b', name='uq_8'),)) as b:
    b.alter_column('g1', nullable=True)
# case: r23
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('two words', sa.Time(), nullable=False, server_default=sa.text('-1')),
    sa.Column('ab', sa.String(9, collation='NOCASE'), unique=True, default=5),
    sa.Column('data', sa.VARBINARY(7), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL')))
op.create_index('ix_2', 'Tab', ['id'], unique=True)
# next
with op.batch_alter_table('Tab') as b:
    b.alter_column('two words', type_=sa.Unicode(7))
    b.create_primary_key('pk_3', ['two words'])
    b.add_column(sa.Column('g1', sa.Interval(), nullable=True))
    b.drop_column('id')
    b.create_index('ix_4', ['data', 'two words'], unique=True)
# next
op.alter_column('Tab', 'data', new_column_name='e_f')
# next
with op.batch_alter_table('Tab') as b:
    b.add_column(sa.Column('a', sa.Unicode(7)), insert_after='g1')
    b.create_check_constraint('ck_5', "length('a)b') > id")
    b.create_foreign_key('fk_6', 'o', ['ab'], ['id'])
# case: r24
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data', sa.Numeric(10, 2)),
    sa.Column('two words', sa.String(50), server_default=sa.false()),
    sa.PrimaryKeyConstraint('id', name='pk X1'),
    sa.CheckConstraint("length('a)b') > id"))
# next
op.add_column('t', sa.Column('a', sa.DateTime(), nullable=True))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('data', type_=sa.Float(), nullable=True, server_default=sa.text('5'))
    b.create_primary_key('pk_2', ['data', 'id'])
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('pk X1', type_='primary')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', type_=sa.Boolean(create_constraint=True, name='ty_3'), existing_type=sa.Interval())
    b.add_column(sa.Column('ab', sa.String(5).with_variant(sa.Text(), 'sqlite')))
    b.alter_column('data', server_default='x')
    b.add_column(sa.Column('g1', sa.VARBINARY(7), nullable=False))
    b.alter_column('data', nullable=True)
# case: r25
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('Dd', sa.Integer(), nullable=False),
    sa.Column('data', sa.Numeric(10, 2), index=True),
    sa.Column('order', sa.String(), sa.ForeignKey('o.id')),
    sa.Column('a', sa.VARBINARY(7), nullable=True, server_default=sa.func.now()),
    sa.Column('user', sa.BigInteger(), sa.ForeignKey('o.id'), nullable=True),
    sa.PrimaryKeyConstraint('id', 'Dd'),
    sa.CheckConstraint('id IN (1, 2)', name='ck_1'))
op.create_index('ix_2', 'order', ['data'])
# next
with op.batch_alter_table('order', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.drop_constraint('ck_1', type_='check')
    b.alter_column('Dd', type_=sa.Integer(), existing_type=sa.Date())
# next
with op.batch_alter_table('order', recreate='never', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}, table_args=(sa.UniqueConstraint('id', name='uq_3'),)) as b:
    b.add_column(sa.Column('c', sa.Integer(), server_default=sa.func.now()))
    b.add_column(sa.Column('two words', sa.Date()))
    b.create_primary_key('pk_4', ['data'])
# case: r26
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data', sa.REAL()),
    sa.Column('Dd', sa.JSON()),
    sa.Column('g1', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), nullable=False),
    sa.Column('e_f', sa.String(5).with_variant(sa.Text(), 'sqlite')),
    sa.Column('user', sa.Float(), nullable=True, unique=True),
    sa.Column('ab', sa.BigInteger(), server_default=sa.text("(datetime('now'))")),
    sa.PrimaryKeyConstraint('id', name='pk_1'))
op.create_index('ix_2', 't', ['ab'])
# next
op.rename_table('t', 't2')
# next
op.rename_table('t2', 't22')
# case: r27
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('two words', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=True, server_default='0'),
    sa.Column('g1', postgresql.UUID()),
    sa.Column('b', sa.VARBINARY(7), nullable=True),
    sa.Column('e_f', sa.String(50), server_default=sa.text('10'), index=True, unique=True),
    sa.PrimaryKeyConstraint('id', name='pk_1'))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('pk_1', type_='primary')
# next
op.add_column('t', sa.Column('data', sa.CHAR(3), nullable=True))
# case: r28
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('two words', sa.VARBINARY(7), sa.ForeignKey('s.o.id', name='fk_1', onupdate='SET NULL')),
    sa.Column('order', sa.Unicode(7), default=5),
    sa.Column('ab', sa.SmallInteger(), server_default='10'), schema='s')
op.create_index('ix_2', 't', ['order', 'ab'], schema='s')
# next
with op.batch_alter_table('t', schema='s', recreate='always') as b:
    b.create_foreign_key('fk X3', 'o', ['id'], ['id'], referent_schema='s')
# next
with op.batch_alter_table('t', schema='s', recreate='always') as b:
    b.alter_column('id', new_column_name='renamed', existing_type=postgresql.UUID())
# next
with op.batch_alter_table('t', schema='s') as b:
    b.create_check_constraint('ck_4', 'id > 0')
    b.drop_index('ix_2')
# next
with op.batch_alter_table('t', schema='s', partial_reordering=[('two words', 'ab')]) as b:
    b.alter_column('renamed', type_=sa.TIMESTAMP(), existing_type=sa.String(), nullable=True)
    b.alter_column('ab', type_=sa.Unicode(7), nullable=False)
    b.add_column(sa.Column('c', sa.Integer().with_variant(sa.BigInteger(), 'sqlite')))
    b.alter_column('renamed', nullable=True)
    b.alter_column('order', nullable=True)
# case: r29
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data', sa.VARCHAR(5), nullable=False),
    sa.Column('g1', sa.Boolean(create_constraint=True), server_default='0'))
op.create_index('ix_1', 't', ['data'], unique=True)
op.create_index('ix_2', 't', ['data', 'id'])
# next
with op.batch_alter_table('t', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.create_unique_constraint('uq_3', ['data', 'id'])
    b.alter_column('id', new_column_name='c', existing_type=sa.CHAR(3))
    b.add_column(sa.Column('z', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), index=True))
# next
op.rename_table('t', 't2')
# next
with op.batch_alter_table('t2', recreate='always') as b:
    b.alter_column('c', type_=sa.VARCHAR(5), existing_type=postgresql.UUID())
# case: r30
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('a', sa.Date()),
    sa.Column('order', sa.String(50), server_default=sa.true()),
    sa.UniqueConstraint('a', 'id'),
    sa.UniqueConstraint('a', 'id', name='uq_1'))
op.create_index('ix_2', 'order', ['a', 'order'])
# next
with op.batch_alter_table('order') as b:
    b.alter_column('a', type_=sa.Enum('x', 'y', native_enum=False, length=9, name='en2'))
    b.alter_column('order', new_column_name='data')
# next
with op.batch_alter_table('order') as b:
    b.alter_column('data', nullable=True)
    b.add_column(sa.Column('z', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=False, server_default=sa.text('NULL')))
# next
with op.batch_alter_table('order') as b:
    b.create_check_constraint('ck X3', 'id > 0')
    b.alter_column('data', new_column_name='user', existing_type=sa.Boolean(create_constraint=True))
    b.create_primary_key('pk_4', ['a'])
# next
with op.batch_alter_table('order', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.drop_column('a')
# case: r31
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('Dd', sa.Boolean(create_constraint=True)),
    sa.Column('a', sa.DECIMAL(5)),
    sa.Column('e_f', sa.Double()))
# next
op.create_index('ix X1', 'Tab', ['a'])
# case: r32
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('a', sa.Enum('a', 'bb', name='en'), comment='hm'),
    sa.Column('b', sa.Text(), nullable=True, unique=True),
    sa.Column('Dd', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=True, server_default=sa.true()),
    sa.Column('g1', sa.Boolean(create_constraint=True)),
    sa.CheckConstraint('id IN (1, 2)'), schema='s')
op.create_index('ix_1', 't', ['a'], unique=True, schema='s')
# next
with op.batch_alter_table('t', schema='s') as b:
    b.alter_column('id', nullable=True)
    b.alter_column('a', type_=postgresql.UUID())
    b.create_foreign_key('fk X2', 'o', ['g1'], ['id'], referent_schema='s')
    b.alter_column('b', nullable=True)
    b.alter_column('b', type_=sa.CHAR(3), existing_type=sa.Interval(), server_default=sa.text("(datetime('now'))"))
# next
with op.batch_alter_table('t', schema='s', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.add_column(sa.Column('order', sa.REAL(), comment='hm'))
    b.add_column(sa.Column('data', sa.String(5).with_variant(sa.Text(), 'sqlite'), server_default=sa.text('1.5')))
    b.alter_column('Dd', new_column_name='renamed')
    b.add_column(sa.Column('c', sa.SmallInteger(), server_default=sa.text('CURRENT_TIMESTAMP')))
    b.alter_column('id', nullable=True)
# next
with op.batch_alter_table('t', schema='s', recreate='always') as b:
    b.drop_column('c')
    b.alter_column('renamed', new_column_name='two words')
    b.drop_constraint('fk X2', type_='foreignkey')
# next
with op.batch_alter_table('t', schema='s') as b:
    b.add_column(sa.Column('Dd', sa.REAL()))
    b.alter_column('order', type_=sa.VARCHAR(5), nullable=True)
    b.create_primary_key('pk X3', ['two words'])
    b.add_column(sa.Column('z', sa.DECIMAL(5), nullable=True, server_default='x', index=True), insert_before='two words')
    b.alter_column('b', type_=sa.Float(), server_default=sa.false())
# case: r33
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('c', postgresql.UUID(), nullable=True, server_default=sa.false()),
    sa.Column('b', sa.String(5).with_variant(sa.Text(), 'sqlite'), server_default=sa.text('CURRENT_TIMESTAMP')),
    sa.Column('e_f', sa.Double(), nullable=False, server_default=sa.text('CURRENT_TIMESTAMP'), unique=True),
    sa.Column('user', sa.Double()),
    sa.UniqueConstraint('b', name='uq_1'))
op.create_index('ix_2', 't', ['c', 'user'])
# next
op.create_index('ix_3', 't', ['b', 'e_f'], unique=True)
# next
with op.batch_alter_table('t') as b:
    b.drop_index('nix')
    b.alter_column('b', nullable=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('b', nullable=True, server_default=None)
# case: r34
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('data', postgresql.UUID()),
    sa.Column('a', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=False),
    sa.Column('ab', sa.String(5).with_variant(sa.Text(), 'sqlite'), server_default=sa.text('5')),
    sa.Column('Dd', sa.Interval()),
    sa.Column('b', sa.Text(), sa.ForeignKey('o.id')),
    sa.Column('g1', sa.Text(), nullable=True))
op.create_index('ix_1', 't', ['Dd', 'g1'])
# next
with op.batch_alter_table('t') as b:
    b.drop_column('g1')
    b.create_index('ix_2', ['a', 'ab'], unique=True)
    b.drop_index('ix_1')
    b.add_column(sa.Column('e_f', sa.Numeric(10, 2), server_default=sa.true()))
    b.create_index('ix_3', ['data', 'b'], unique=True)
# case: r35
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('g1', sa.Date()),
    sa.Column('Dd', sa.Boolean(), nullable=True),
    sa.Column('two words', sa.Date(), sa.ForeignKey('o.id'), server_default=sa.text('1.5')),
    sa.Column('data', sa.Boolean(create_constraint=True, name='ty_1'), nullable=False, unique=True),
    sa.PrimaryKeyConstraint('id', 'g1'),
    sa.CheckConstraint('id IS NOT NULL AND (id < 5 OR id > 7)', name='ck_2'))
op.create_index('ix_3', 't', ['Dd', 'g1'], unique=True)
op.create_index('ix_4', 't', ['g1'], unique=True)
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('z', sa.Float(), server_default=sa.text('(1 + 2)'), index=True))
    b.alter_column('g1', type_=sa.Double(), server_default=sa.text('5'))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('id', server_default=sa.text('10'))
    b.create_foreign_key('fk_5', 'o', ['two words'], ['id'])
# case: r36
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ab', sa.Unicode(7), sa.ForeignKey('o.id', ondelete='CASCADE'), index=True, default=5),
    sa.Column('Dd', sa.JSON(), server_default=sa.func.now()),
    sa.Column('g1', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=False),
    sa.Column('e_f', sa.SmallInteger(), server_default=sa.text('10')),
    sa.Column('c', sa.String(), nullable=False),
    sa.Column('two words', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), comment='hm'),
    sa.PrimaryKeyConstraint('id', name='pk_1'),
    sqlite_autoincrement=True)
op.create_index('ix X2', 't', ['ab'])
# next
with op.batch_alter_table('t', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.create_unique_constraint('uq_3', ['ab'])
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.alter_column('g1', nullable=True)
    b.drop_column('g1')
    b.create_check_constraint('ck X4', 'id > 0')
    b.alter_column('c', nullable=True)
    b.alter_column('Dd', new_column_name='order')
# case: r37
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('g1', sa.Integer(), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=False),
    sa.Column('Dd', sa.CHAR(3)),
    sa.Column('ab', sa.Enum('a', 'bb', name='en'), server_default=sa.text("'it''s'")),
    sa.CheckConstraint('id > 0'),
    sa.UniqueConstraint('g1', 'Dd', name='uq X1'),
    sqlite_autoincrement=True)
op.create_index('ix_2', 'order', ['Dd'])
# next
with op.batch_alter_table('order', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.alter_column('Dd', nullable=True)
# next
op.add_column('order', sa.Column('e_f', sa.DateTime(), nullable=True))
# next
with op.batch_alter_table('order') as b:
    b.alter_column('Dd', new_column_name='z')
    b.alter_column('id', new_column_name='renamed', existing_type=sa.Unicode(7))
# next
with op.batch_alter_table('order', recreate='never', table_args=(sa.UniqueConstraint('z', name='uq_3'),)) as b:
    b.create_index('ix_4', ['g1'], unique=True)
    b.alter_column('e_f', new_column_name='Dd')
# case: r38
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('Tab',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('z', sa.Text(), nullable=False, server_default=sa.text('1.5')),
    sa.Column('c', sa.Integer(), nullable=False, server_default=''),
    sa.Column('user', sa.Integer()),
    sa.Column('ab', sa.Integer(), nullable=True, server_default=sa.text('1.5')),
    sa.Column('a', sa.Unicode(7)),
    sqlite_autoincrement=True, schema='s')
op.create_index('ix_1', 'Tab', ['ab', 'c'], schema='s')
# next
with op.batch_alter_table('Tab', schema='s', partial_reordering=[('user', 'ab')]) as b:
    b.create_check_constraint('ck_2', 'id IN (1, 2)')
# next
op.alter_column('Tab', 'z', new_column_name='g1', schema='s')
# case: r39
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('order',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('two words', sa.String(50), server_default=sa.text("(datetime('now'))")),
    sa.Column('data', sa.CHAR(3)),
    sa.Column('user', sa.DECIMAL(5)),
    sa.Column('a', sa.DECIMAL(5), server_default=sa.text('NULL'), unique=True),
    sa.Column('order', sa.Boolean(create_constraint=True), nullable=False, default=5),
    sa.CheckConstraint("length('a)b') > id", name='ck_1'), schema='s')
op.create_index('ix_2', 'order', [sa.text('lower(id)')], schema='s')
# next
with op.batch_alter_table('order', schema='s') as b:
    b.alter_column('user', new_column_name='ab')
    b.add_column(sa.Column('z', sa.Float(), nullable=True, comment='hm'))
    b.drop_index('ix_2')
# next
with op.batch_alter_table('order', schema='s') as b:
    b.drop_column('ab')
    b.drop_column('data')
# next
with op.batch_alter_table('order', schema='s', recreate='always', table_args=(sa.UniqueConstraint('a', name='uq_3'),)) as b:
    b.create_index('ix_4', ['id'])
    b.alter_column('two words', new_column_name='b')
# case: r40
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('Dd', sa.String()),
    sa.Column('ab', sa.Integer().with_variant(sa.BigInteger(), 'sqlite')),
    sa.PrimaryKeyConstraint('id', name='pk_1'),
    sqlite_autoincrement=True)
op.create_index('ix_2', 't', ['Dd'], sqlite_where=sa.text('id > 3'))
# next
op.alter_column('t', 'id', new_column_name='c')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('c', nullable=True)
    b.create_unique_constraint('uq X3', ['Dd'])
    b.alter_column('c', new_column_name='renamed', existing_type=postgresql.UUID())
# next
with op.batch_alter_table('t') as b:
    b.alter_column('renamed', new_column_name='two words', existing_type=sa.String(9, collation='NOCASE'))
# next
op.create_index('ix_4', 't', ['ab', 'two words'], unique=True)
# case: r41
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('g1', sa.Boolean(create_constraint=True, name='ty_1'), nullable=False, server_default=sa.text('CURRENT_TIMESTAMP'), index=True),
    sa.Column('a', sa.REAL(), nullable=False),
    sa.Column('order', sa.Boolean(), sa.ForeignKey('o.id'), nullable=True, server_default='x'),
    sa.Column('user', sa.Interval()))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('user')
# next
op.add_column('t', sa.Column('e_f', sa.String(9, collation='NOCASE'), nullable=True))
# case: r42
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('data', sa.Date(), server_default=sa.text('-1')),
    sa.Column('Dd', sa.Interval(), server_default=sa.text("(datetime('now'))")),
    sa.Column('ab', sa.Boolean(create_constraint=True, name='ty_1'), unique=True),
    sa.Column('a', sa.Unicode(7), nullable=False))
op.create_index('ix_2', 'Tab', ['id'])
# next
with op.batch_alter_table('Tab') as b:
    b.alter_column('data', new_column_name='user', existing_type=sa.String(50))
    b.alter_column('Dd', type_=sa.Integer().with_variant(sa.BigInteger(), 'sqlite'))
    b.drop_constraint('nope', type_='unique')
    b.alter_column('a', nullable=False)
    b.create_primary_key('pk X3', ['id', 'data'])
# case: r43
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ab', sa.TIMESTAMP(), sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.Column('user', sa.JSON(), sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.Column('z', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=False, server_default=sa.text("'it''s'")),
    sa.Column('b', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_1'))
op.create_index('ix_2', 't', ['id', 'user'], unique=True)
op.create_index('ix_3', 't', ['id'])
# next
op.rename_table('t', 't2')
# case: r44
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('c', sa.DECIMAL(5)),
    sa.Column('ab', sa.Numeric(10, 2), nullable=True, unique=True),
    sa.Column('two words', sa.Enum('p', 'q', create_constraint=True, name='ty X1'), nullable=False, server_default=sa.text('5')),
    sa.Column('Dd', sa.TIMESTAMP()),
    sa.Column('user', sa.Unicode(7), sa.ForeignKey('o.id', ondelete='CASCADE'), server_default=sa.text('5')),
    sa.PrimaryKeyConstraint('id', 'c'),
    sa.UniqueConstraint('ab', 'user', name='uq_2'))
# next
with op.batch_alter_table('order', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.add_column(sa.Column('z', sa.DateTime(), server_default=sa.text('1.5')), insert_after='user')
# next
with op.batch_alter_table('order') as b:
    b.drop_column('z')
    b.alter_column('id', new_column_name='e_f', existing_type=sa.Enum('x', 'y', native_enum=False, length=9, name='en2'))
    b.add_column(sa.Column('b', sa.Integer(), index=True))
    b.alter_column('ab', new_column_name='renamed', existing_type=sa.TIMESTAMP())
    b.alter_column('id', nullable=True)
# next
with op.batch_alter_table('order', recreate='always') as b:
    b.drop_column('renamed')
    b.alter_column('e_f', nullable=True)
    b.drop_index('nix')
    b.drop_column('user')
    b.drop_constraint('uq_2', type_='unique')
# next
with op.batch_alter_table('order') as b:
    b.create_unique_constraint('uq_3', ['e_f', 'c'])
    b.alter_column('b', new_column_name='data', existing_type=sa.String(5).with_variant(sa.Text(), 'sqlite'))
# case: r45
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('user', sa.Enum('a', 'bb', name='en'), server_default='10', index=True),
    sa.Column('z', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), nullable=True, unique=True, default=5),
    sa.Column('a', sa.JSON(), nullable=True, server_default='10', unique=True),
    sa.CheckConstraint('id > 0'))
op.create_index('ix_1', 'Tab', ['user', 'z'])
# next
with op.batch_alter_table('Tab', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.alter_column('a', type_=sa.DECIMAL(5), server_default=sa.text('5'))
    b.create_index('ix_2', [sa.text('id DESC')], unique=True)
# case: r46
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('c', sa.Date()),
    sa.Column('Dd', sa.Time(), default=5),
    sa.Column('e_f', sa.Interval()),
    sa.Column('user', sa.DateTime(), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=True),
    sa.Column('data', sa.Numeric(10, 2), sa.ForeignKey('o.id', ondelete='CASCADE'), server_default=sa.text('-1')),
    sa.Column('g1', sa.VARCHAR(5), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL'), nullable=True, server_default=sa.true(), unique=True),
    sa.UniqueConstraint('Dd'))
op.create_index('ix_2', 't', [sa.text('id DESC')])
# next
with op.batch_alter_table('t') as b:
    b.drop_index('ix_2')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('c', nullable=True)
# case: r47
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('e_f', sa.String(), unique=True),
    sa.Column('b', sa.Time(), server_default='x'),
    sa.Column('a', sa.Boolean(create_constraint=True), sa.ForeignKey('o.id', name='fk X1', onupdate='SET NULL'), server_default='', index=True),
    sa.PrimaryKeyConstraint('id', name='pk_2'),
    sa.CheckConstraint("length('a)b') > id"))
# next
op.create_index('ix_3', 'Tab', ['id'], unique=True)
# next
with op.batch_alter_table('Tab') as b:
    b.add_column(sa.Column('c', sa.String(9, collation='NOCASE'), server_default=sa.text('(1 + 2)')))
    b.alter_column('id', new_column_name='g1')
    b.add_column(sa.Column('two words', sa.Interval(), sa.ForeignKey('o.id', name='fk_4', onupdate='SET NULL')))
    b.drop_column('a')
    b.create_index('ix_5', ['e_f'], sqlite_where=sa.text('id > 3'))
# case: r48
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('two words', sa.Text()),
    sa.Column('ab', sa.Text(), nullable=False, comment='hm'),
    sa.Column('g1', sa.REAL(), sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.Column('a', sa.Boolean(create_constraint=True), nullable=True),
    sa.Column('c', sa.DateTime(), nullable=False),
    sa.Column('data', sa.Float(), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL')),
    sa.UniqueConstraint('id', 'g1', name='uq_2'),
    sa.UniqueConstraint('data', name='uq_3'),
    sa.Column('id2', sa.Integer()), sa.ForeignKeyConstraint(['id2'], ['t.id']))
op.create_index('ix_4', 't', ['two words'])
op.create_index('ix_5', 't', ['g1', 'ab'])
# next
op.create_index('ix_6', 't', ['g1', 'ab'])
# case: r49
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('two words', sa.Boolean()),
    sa.Column('order', sa.Boolean(create_constraint=True, name='ty X1'), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True)
# next
with op.batch_alter_table('Tab') as b:
    b.add_column(sa.Column('user', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), server_default='10'))
    b.drop_constraint('nope', type_='unique')
# next
op.create_index('ix_2', 'Tab', ['order', 'id'])
# next
with op.batch_alter_table('Tab', recreate='always') as b:
    b.add_column(sa.Column('a', sa.Enum('p', 'q', create_constraint=True, name='ty_3'), server_default=sa.text('(1 + 2)')))
    b.alter_column('id', new_column_name='b', existing_type=sa.String(9, collation='NOCASE'))
    b.add_column(sa.Column('a', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=True))
    b.alter_column('order', nullable=False)
    b.create_check_constraint('ck X4', "length('a)b') > id")
# next
with op.batch_alter_table('Tab') as b:
    b.alter_column('user', new_column_name='Dd', existing_type=sa.Double())
# case: r50
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), schema='s')
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('two words', sa.Enum('x', 'y', native_enum=False, length=9, name='en2')),
    sa.Column('a', sa.Numeric(10, 2), sa.ForeignKey('s.o.id', name='fk_1', onupdate='SET NULL'), server_default=sa.text('NULL'), unique=True),
    sa.Column('b', sa.JSON(), index=True),
    sa.Column('Dd', postgresql.UUID(), sa.ForeignKey('s.o.id', name='fk_2', onupdate='SET NULL'), server_default=sa.text('10')),
    sa.Column('c', sa.JSON(), server_default=sa.text('-1')),
    sa.PrimaryKeyConstraint('id'),
    sa.ForeignKeyConstraint(['b'], ['s.o.k'], name='fk_3', ondelete='SET NULL', deferrable=True, initially='deferred'),
    sa.Column('id2', sa.Integer()), sa.ForeignKeyConstraint(['id2'], ['s.t.id']), schema='s')
op.create_index('ix_4', 't', ['Dd'], schema='s')
# next
with op.batch_alter_table('t', schema='s') as b:
    b.alter_column('c', type_=sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), nullable=False)
    b.create_index('ix_5', ['id'], unique=True)
# case: r51
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('c', sa.String(50), nullable=True),
    sa.Column('ab', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), default=5),
    sa.Column('g1', sa.Enum('a', 'bb', name='en'), sa.ForeignKey('o.id', name='fk X1', onupdate='SET NULL'), nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_2'))
op.create_index('ix_3', 't', [sa.text('lower(id)')])
# next
with op.batch_alter_table('t', recreate='always', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.add_column(sa.Column('order', sa.String(5).with_variant(sa.Text(), 'sqlite'), nullable=True))
    b.add_column(sa.Column('a', sa.Enum('a', 'bb', name='en'), server_default=sa.false()))
    b.add_column(sa.Column('Dd', sa.Double(), nullable=False))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('e_f', sa.String(50), server_default=sa.text('CURRENT_TIMESTAMP')))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('two words', sa.VARCHAR(5)))
# case: r52
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('z', sa.TIMESTAMP(), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL'), nullable=False),
    sa.Column('e_f', sa.Float(), server_default=''),
    sa.Column('ab', sa.CHAR(3), nullable=False, unique=True),
    sa.Column('b', sa.BigInteger(), nullable=True),
    sa.Column('c', sa.Float(), nullable=False),
    sa.Column('data', sa.Enum('a', 'bb', name='en')),
    sa.ForeignKeyConstraint(['e_f'], ['o.k'], name='fk_2', ondelete='SET NULL', deferrable=True, initially='deferred'),
    sa.CheckConstraint("length('a)b') > id"))
op.create_index('ix_3', 't', [sa.text('lower(id)')], unique=True)
# next
with op.batch_alter_table('t', table_args=(sa.UniqueConstraint('data', name='uq X4'),)) as b:
    b.create_unique_constraint('uq_5', ['e_f', 'id'])
    b.create_index('ix_6', ['ab', 'data'])
# next
with op.batch_alter_table('t') as b:
    b.create_index('ix_7', ['ab'])
    b.create_unique_constraint('uq_8', ['c'])
# next
with op.batch_alter_table('t', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}) as b:
    b.create_foreign_key('fk_9', 'o', ['z'], ['id'])
    b.alter_column('id', nullable=True)
    b.create_check_constraint('ck_10', 'id IN (1, 2)')
    b.alter_column('c', type_=sa.Numeric(10, 2), nullable=True)
    b.drop_constraint('ck_10', type_='check')
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('a', sa.CHAR(3), index=True, comment='hm'))
    b.alter_column('c', type_=sa.Double(), nullable=True, server_default='10')
    b.alter_column('c', new_column_name='two words', existing_type=sa.Date())
# case: r53
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('c', sa.Enum('x', 'y', native_enum=False, length=9, name='en2')),
    sa.Column('data', sa.String(9, collation='NOCASE'), unique=True),
    sa.Column('e_f', sa.DECIMAL(5), server_default=sa.text('1.5')),
    sa.Column('ab', sa.String(5).with_variant(sa.Text(), 'sqlite')),
    sa.Column('two words', sa.Boolean(create_constraint=True, name='ty X1'), sa.ForeignKey('o.id', ondelete='CASCADE'), server_default=sa.text('(1 + 2)')),
    sa.PrimaryKeyConstraint('id', name='pk_2'),
    sa.UniqueConstraint('c', name='uq_3'),
    sa.UniqueConstraint('e_f', 'two words'),
    sa.Column('id2', sa.Integer()), sa.ForeignKeyConstraint(['id2'], ['order.id']))
op.create_index('ix X4', 'order', ['id'], unique=True)
# next
with op.batch_alter_table('order', recreate='always') as b:
    b.add_column(sa.Column('b', sa.Unicode(7)))
# next
with op.batch_alter_table('order') as b:
    b.add_column(sa.Column('g1', sa.TIMESTAMP(), nullable=False, server_default=sa.text('1.5'), index=True, default=5))
    b.alter_column('e_f', new_column_name='Dd', existing_type=sa.Uuid())
# next
with op.batch_alter_table('order') as b:
    b.alter_column('data', new_column_name='e_f')
    b.drop_index('ix X4')
# case: r54
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('z', sa.BigInteger(), index=True),
    sa.Column('a', sa.Uuid(), server_default=sa.text('1.5')),
    sa.Column('ab', sa.String(9, collation='NOCASE'), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=False, server_default=''),
    sa.Column('data', sa.CHAR(3), nullable=True, server_default=sa.text('10')),
    sa.Column('e_f', sa.REAL()))
op.create_index('ix X1', 't', ['z', 'ab'])
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('b', sa.Numeric(10, 2), sa.ForeignKey('o.id', name='fk X2', onupdate='SET NULL'), server_default=sa.text('1.5')), insert_before='data')
    b.add_column(sa.Column('user', sa.TIMESTAMP()))
    b.alter_column('data', new_column_name='c', existing_type=sa.Time())
    b.alter_column('z', nullable=True)
    b.alter_column('id', type_=sa.Time(), server_default=sa.text('-1'))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('order', sa.String(), nullable=False))
    b.add_column(sa.Column('two words', sa.Enum('a', 'bb', name='en'), nullable=True), insert_before='c')
# next
op.create_index('ix X3', 't', ['c', 'b'], unique=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('ab', new_column_name='Dd')
    b.drop_index('ix X3')
# case: r55
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data', sa.String(9, collation='NOCASE'), sa.ForeignKey('o.id', ondelete='CASCADE')),
    sa.Column('a', sa.Double()),
    sa.PrimaryKeyConstraint('id', 'data'))
op.create_index('ix_1', 'order', ['a', 'id'], unique=True)
# next
with op.batch_alter_table('order') as b:
    b.add_column(sa.Column('ab', sa.String(50), nullable=True))
# case: r56
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column('a', sa.Boolean(), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL')),
    sa.Column('ab', sa.Integer().with_variant(sa.BigInteger(), 'sqlite')),
    sa.Column('g1', sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), nullable=False))
op.create_index('ix_2', 't', ['g1', 'id'])
# next
with op.batch_alter_table('t', table_args=(sa.UniqueConstraint('a', name='uq X3'),)) as b:
    b.alter_column('a', nullable=True)
    b.add_column(sa.Column('two words', sa.Uuid(), server_default=sa.text('NULL')))
# next
with op.batch_alter_table('t') as b:
    b.create_unique_constraint('uq X4', ['a'])
    b.create_index('ix X5', [sa.text('id DESC')], unique=True, sqlite_where=sa.text('id > 3'))
    b.add_column(sa.Column('b', sa.Double(), sa.ForeignKey('o.id', name='fk_6', onupdate='SET NULL'), server_default=sa.text('(1 + 2)'), index=True))
    b.drop_constraint('uq X3', type_='unique')
    b.drop_column('a')
# case: r57
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('z', sa.DateTime(), server_default='10', comment='hm'),
    sa.Column('a', sa.Boolean(create_constraint=True, name='ty X1'), nullable=False, unique=True),
    sa.Column('order', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), default=5),
    sa.Column('g1', sa.CHAR(3), nullable=True, server_default=sa.func.now()),
    sa.Column('Dd', sa.Integer().with_variant(sa.BigInteger(), 'sqlite'), server_default=sa.text("'it''s'")),
    sa.CheckConstraint('id > 0'),
    sa.UniqueConstraint('Dd', 'id', name='uq_2'))
op.create_index('ix_3', 't', ['g1', 'order'])
op.create_index('ix_4', 't', [sa.text('lower(id)')])
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.alter_column('z', type_=sa.Enum('x', 'y', native_enum=False, length=9, name='en2'), existing_type=sa.String(9, collation='NOCASE'))
    b.alter_column('order', type_=sa.Uuid(), existing_type=sa.Integer())
    b.create_index('ix_5', ['id', 'a'])
    b.drop_constraint('uq_2', type_='unique')
    b.alter_column('a', nullable=False, server_default=sa.true())
# case: r58
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('Tab',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user', sa.Enum('a', 'bb', name='en'), nullable=True, server_default=sa.text("'it''s'")),
    sa.Column('g1', sa.Float()),
    sa.Column('b', sa.Boolean(), nullable=False),
    sa.Column('c', sa.DateTime(), sa.ForeignKey('o.id', name='fk X1', onupdate='SET NULL'), index=True),
    sa.Column('e_f', sa.Float()),
    sa.PrimaryKeyConstraint('id', name='pk_2'),
    sa.UniqueConstraint('e_f', name='uq_3'))
op.create_index('ix_4', 'Tab', ['b', 'user'])
op.create_index('ix_5', 'Tab', ['g1', 'user'])
# next
with op.batch_alter_table('Tab') as b:
    b.alter_column('id', nullable=True)
# next
op.rename_table('Tab', 'Tab2')
# next
with op.batch_alter_table('Tab2') as b:
    b.alter_column('user', nullable=False)
# case: r59
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer))
op.create_table('t',
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('b', sa.Date(), comment='hm'),
    sa.Column('ab', sa.String(), nullable=False),
    sa.Column('c', sa.SmallInteger(), nullable=True),
    sa.Column('order', sa.BigInteger()),
    sa.Column('two words', sa.DECIMAL(5), sa.ForeignKey('o.id', name='fk_1', onupdate='SET NULL')),
    sa.Column('data', sa.Time(), sa.ForeignKey('o.id', ondelete='CASCADE'), nullable=True, default=5),
    sa.ForeignKeyConstraint(['order'], ['o.k'], name='fk_2', ondelete='SET NULL', deferrable=True, initially='deferred'))
op.create_index('ix_3', 't', ['two words'])
# next
op.alter_column('t', 'c', new_column_name='Dd')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('nope', type_=sa.VARCHAR(5), server_default=None)
    b.add_column(sa.Column('e_f', sa.Text()))
