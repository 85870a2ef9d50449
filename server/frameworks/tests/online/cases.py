# case: plain
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(50), nullable=False, server_default='x'),
    sa.Column('b', sa.Integer, server_default='10'), sa.Column('e', sa.Enum('p', 'q', name='en')), sa.UniqueConstraint('a'), sa.UniqueConstraint('b', name='uq_b'))
op.create_index('ix_a', 't', ['a'])
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='A2', existing_type=sa.String(50))
    b.alter_column('b', type_=sa.String(), existing_type=sa.Integer)
    b.add_column(sa.Column('n', sa.DateTime, index=True, server_default=sa.func.now()))
# case: no_copy
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(5)))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('n', sa.DateTime(), nullable=True))
    b.create_index('ix_n', ['n'])
    b.drop_index('ix_n')
# next
with op.batch_alter_table('t', recreate='never') as b:
    b.drop_column('a')
    b.alter_column('n', new_column_name='m')
# case: nullable
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer()))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', existing_type=sa.Integer(), nullable=False)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', existing_type=sa.Integer(), nullable=True)
# case: server_defaults
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer(), server_default='0'),
    sa.Column('b', sa.String(), server_default=sa.text("'x'")), sa.Column('c', sa.DateTime(), server_default=sa.text('CURRENT_TIMESTAMP')),
    sa.Column('d', sa.Boolean(), server_default=sa.true()), sa.Column('e', sa.Integer(), server_default=sa.text('(1 + 2)')),
    sa.Column('f', sa.String(), server_default=''), sa.Column('g', sa.JSON(), server_default='{}'))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', server_default=None)
    b.alter_column('b', server_default='it''s')
    b.alter_column('c', server_default=sa.func.now())
# next
with op.batch_alter_table('t') as b:
    b.alter_column('d', server_default=sa.text('0'))
    b.alter_column('e', server_default=sa.text("'a b'"))
# case: types
op.create_table('t', *[sa.Column('c%d' % i, type_) for i, type_ in enumerate([sa.Integer(), sa.String(5), sa.Text(), sa.Boolean(), sa.Date(),
    sa.DateTime(timezone=True), sa.Numeric(5, 2), sa.Float(), sa.LargeBinary(), sa.JSON(), sa.Uuid(), sa.Interval(), sa.Time(), sa.Double(),
    sa.Enum('a', 'bcd', name='e'), sa.BigInteger(), sa.SmallInteger(), sa.UnicodeText(), sa.CHAR(3), sa.NCHAR(4), sa.CLOB(), sa.TIMESTAMP(),
    sa.DECIMAL(7), sa.BINARY(4), sa.VARBINARY(8), sa.DOUBLE_PRECISION(), sa.REAL(), sa.UUID()])])
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('more', sa.Integer()))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('c0', type_=sa.String(9))
    b.alter_column('c1', type_=sa.Text())
    b.alter_column('c2', type_=sa.JSON())
    b.alter_column('c3', type_=sa.Integer())
    b.alter_column('c4', type_=sa.DateTime())
    b.alter_column('c5', type_=sa.Date())
    b.alter_column('c6', type_=sa.Float())
    b.alter_column('c7', type_=sa.Numeric(3, 1))
    b.alter_column('c8', type_=sa.String())
    b.alter_column('c9', type_=sa.Text())
    b.alter_column('c10', type_=sa.Uuid())
    b.alter_column('c11', type_=sa.Interval())
    b.alter_column('c14', type_=sa.Enum('x', 'y', name='z'))
    b.alter_column('c15', type_=sa.Integer())
    b.alter_column('c18', type_=sa.VARCHAR(9))
# case: type_twice
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer()))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', type_=sa.String(4))
    b.alter_column('a', type_=sa.Date(), new_column_name='z')
# case: collated
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(5, collation='NOCASE')), sa.Column('b', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('b', type_=sa.String(4, collation='RTRIM'))
# case: booleans_named
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean(create_constraint=True, name='ck_f')),
    sa.Column('g', sa.Boolean(create_constraint=True)))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('f', existing_type=sa.Boolean(create_constraint=True, name='ck_f'), type_=sa.Integer())
# case: booleans_kept
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean(create_constraint=True, name='ck_f')))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('id', type_=sa.BigInteger())
# next
with op.batch_alter_table('t') as b:
    b.alter_column('f', new_column_name='h', existing_type=sa.Boolean(create_constraint=True, name='ck_f'))
# case: boolean_added
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('f', sa.Boolean(create_constraint=True, name='ck_f'), nullable=False, server_default=sa.false()))
    b.add_column(sa.Column('g', sa.Boolean(create_constraint=True)))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('ck_f', type_='check')
# case: boolean_added_in_place
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
op.add_column('t', sa.Column('f', sa.Boolean(create_constraint=True, name='ck_f')))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('f', nullable=False)
# case: enum_altered
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', sa.Enum('a', 'b', name='en', create_constraint=True)))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('e', existing_type=sa.Enum('a', 'b', name='en', create_constraint=True), type_=sa.Enum('a', 'b', 'c', name='en', create_constraint=True))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('e', type_=sa.Enum('x', name='other', create_constraint=True), new_column_name='f')
# case: enum_dropped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', sa.Enum('a', 'b', name='en', create_constraint=True)))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('e')
# case: enum_dropped_with_check
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', sa.Enum('a', 'b', name='en', create_constraint=True)))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('en', type_='check')
    b.drop_column('e')
# case: named_constraints
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.PrimaryKeyConstraint('id', name='pk_t'),
    sa.UniqueConstraint('a', name='uq_a'), sa.CheckConstraint('a > 5', name='ck_a'), sa.ForeignKeyConstraint(['b'], ['o.id'], name='fk_b'))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('uq_a', type_='unique')
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('fk_b', type_='foreignkey')
    b.create_foreign_key('fk_b2', 'o', ['b'], ['id'], ondelete='CASCADE', onupdate='set null', deferrable=True, initially='DEFERRED')
    b.create_unique_constraint('uq_ab', ['a', 'b'])
    b.create_check_constraint('ck_b', sa.column('b') > 7)
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('ck_a', type_='check')
    b.drop_constraint('pk_t', type_='primary')
# case: unnamed_constraints
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, unique=True), sa.Column('b', sa.Integer, sa.ForeignKey('o.id')),
    sa.CheckConstraint('a > 5'))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint(None, type_='unique')
# case: unnamed_dropped_by_convention
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, unique=True), sa.Column('b', sa.Integer, sa.ForeignKey('o.id')))
# next
with op.batch_alter_table('t', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s'}) as b:
    b.drop_constraint('uq_t_a', type_='unique')
    b.drop_constraint('fk_t_b_o', type_='foreignkey')
# next
with op.batch_alter_table('t', naming_convention={'pk': 'pk_%(table_name)s'}) as b:
    b.drop_constraint('pk_t', type_='primary')
    b.create_primary_key('pk_new', ['id', 'a'])
# case: convention_with_check
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.CheckConstraint('id > 5'))
# next
with op.batch_alter_table('t', naming_convention={'ck': 'ck_%(table_name)s_%(constraint_name)s'}) as b:
    b.alter_column('id', type_=sa.BigInteger())
# case: convention_names_check
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.CheckConstraint('id > 5'))
# next
with op.batch_alter_table('t', naming_convention={'ck': 'ck_%(table_name)s'}) as b:
    b.alter_column('id', type_=sa.BigInteger())
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('ck_t', type_='check')
# case: convention_of_environment
# convention: {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, unique=True), sa.Column('b', sa.Integer, sa.ForeignKey('o.id'), index=True),
    sa.CheckConstraint('a > 5', name='a'), sa.Column('f', sa.Boolean(create_constraint=True, name='f')))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('uq_t_a', type_='unique')
    b.drop_constraint('a', type_='check')
    b.add_column(sa.Column('c', sa.Integer, sa.ForeignKey('o.id')))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('fk_t_c_o', type_='foreignkey')
    b.create_unique_constraint(None, ['c'])
    b.create_check_constraint('c', 'c > 1')
    b.drop_index('ix_t_b')
    b.alter_column('f', existing_type=sa.Boolean(create_constraint=True, name='f'), type_=sa.Integer())
# case: primary_key_replaced
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.create_primary_key('pk_a', ['a'])
# case: primary_key_replaced_named
op.create_table('t', sa.Column('id', sa.Integer), sa.Column('a', sa.Integer), sa.PrimaryKeyConstraint('id', name='pk'))
# next
with op.batch_alter_table('t') as b:
    b.create_primary_key('pk_a', ['a', 'id'])
# case: primary_key_column_dropped
op.create_table('t', sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.Column('c', sa.Integer), sa.PrimaryKeyConstraint('b', 'a', name='pk'))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('a')
# next
with op.batch_alter_table('t') as b:
    b.drop_column('b')
    b.add_column(sa.Column('id', sa.Integer, primary_key=True))
# case: primary_key_flag_on_added
op.create_table('t', sa.Column('a', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('id', sa.Integer, primary_key=True))
# case: primary_key_renamed
op.create_table('t', sa.Column('a', sa.Integer, primary_key=True), sa.Column('b', sa.String(5), primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('b', new_column_name='Key')
# case: autoincrement
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True, autoincrement=True), sa.Column('a', sa.Integer), sqlite_autoincrement=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
# next
with op.batch_alter_table('t', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.alter_column('a', nullable=True)
# case: autoincrement_named
op.create_table('t', sa.Column('id', sa.Integer), sa.Column('a', sa.Integer), sa.PrimaryKeyConstraint('id', name='pk'), sqlite_autoincrement=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
# case: without_rowid
op.create_table('t', sa.Column('id', sa.Text, primary_key=True, nullable=True), sa.Column('a', sa.Integer), sqlite_with_rowid=False)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
# case: computed
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.Computed('id + 1', persisted=True)))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('z', sa.Integer))
# case: computed_dropped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.Computed('id + 1', persisted=False)))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('p')
# case: computed_added
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('p', sa.Integer, sa.Computed('id + 1', persisted=True)))
    b.add_column(sa.Column('q', sa.Integer, sa.Computed('id * 2')))
# case: indexes
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer))
op.create_index('ix_z', 't', ['a', 'b'], unique=True)
op.create_index('ix_a', 't', ['a'], sqlite_where=sa.text('a > 5'))
op.create_index('ix_x', 't', [sa.text('lower(a)')])
op.create_index('ix_d', 't', [sa.text('b DESC')])
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='A b', nullable=False)
# next
with op.batch_alter_table('t') as b:
    b.drop_index('ix_z')
    b.create_index('ix_n', ['b', 'A b'])
    b.drop_column('id')
# case: index_of_expression_dropped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
op.create_index('ix_x', 't', [sa.text('lower(a)')])
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
    b.drop_index('ix_x')
# case: index_on_dropped_column
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
op.create_index('ix_a', 't', ['a'])
# next
with op.batch_alter_table('t') as b:
    b.drop_column('a')
# case: index_dropped_with_column
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
op.create_index('ix_a', 't', ['a'])
# next
with op.batch_alter_table('t') as b:
    b.drop_index('ix_a')
    b.drop_column('a')
# case: index_on_new_name
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='z')
    b.create_index('ix_z', ['z'])
# case: index_on_old_name
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='z')
    b.create_index('ix_z', ['a'])
# case: index_taken
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
op.create_index('ix_a', 't', ['a'])
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.create_index('ix_a', ['id'])
# case: index_flag
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, index=True), sa.Column('b', sa.Integer, index=True, unique=True))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('c', sa.Integer, index=True))
# next
with op.batch_alter_table('t') as b:
    b.drop_index('ix__alembic_tmp_t_c')
    b.drop_index('ix_t_a')
    b.alter_column('c', nullable=True)
# case: if_exists
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.drop_index('ix_a', if_exists=True)
# case: self_referential
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.ForeignKey('t.id', name='fk_p')), sa.Column('q', sa.Integer, sa.ForeignKey('t.id')))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('p', new_column_name='parent')
# next
with op.batch_alter_table('t') as b:
    b.create_foreign_key('fk_q2', 't', ['parent'], ['id'], ondelete='CASCADE')
    b.drop_constraint('fk_p', type_='foreignkey')
# case: missing_referent
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.ForeignKey('gone.id')))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('p', nullable=False)
# case: referent_renamed
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.ForeignKey('o.id', name='fk')))
# next
op.rename_table('o', 'other')
op.alter_column('other', 'id', new_column_name='key')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('p', nullable=False)
# next
with op.batch_alter_table('other') as b:
    b.alter_column('key', new_column_name='id')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('p', nullable=True)
# case: foreign_key_rules
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, sa.ForeignKey('o.id', ondelete='cascade', onupdate='NO ACTION')),
    sa.Column('b', sa.Integer, sa.ForeignKey('o.id', match='FULL', ondelete='CASCADE')), sa.Column('c', sa.Integer, sa.ForeignKey('o.id', initially='DEFERRED')),
    sa.Column('d', sa.Integer, sa.ForeignKey('o.id', deferrable=False, ondelete='RESTRICT')))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
# case: duplicates
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, sa.ForeignKey('o.id', ondelete='CASCADE'), unique=True),
    sa.ForeignKeyConstraint(['a'], ['o.id'], name='fk_a'), sa.UniqueConstraint('a', name='uq_a'), sa.UniqueConstraint('id'))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
# case: inline_references
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
op.add_column('t', sa.Column('o_id', sa.Integer, sa.ForeignKey('o.id', name='fk', ondelete='CASCADE')), inline_references=True)
# next
with op.batch_alter_table('t') as b:
    b.alter_column('o_id', nullable=False)
# case: unnamed_key_added
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('o_id', sa.Integer, sa.ForeignKey('o.id')))
# case: unique_added
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('u', sa.Integer, unique=True))
# case: unique_added_by_convention
# convention: {"uq": "uq_%(table_name)s_%(column_0_name)s"}
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('z', sa.Integer, unique=True))
    b.add_column(sa.Column('w', sa.Integer, default=5))
# case: column_check
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, sa.CheckConstraint('a > 5', name='ck_a')))
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('c', sa.Integer, sa.CheckConstraint('c > 5', name='ck_c'), server_default=sa.text('7')))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('ck_c', type_='check')
    b.drop_constraint('ck_a', type_='check')
# case: check_of_dropped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.CheckConstraint('a > 5', name='ck_a'))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('a')
# case: check_of_renamed
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.CheckConstraint('a > 5', name='ck_a'))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='z')
# case: check_of_renamed_in_place
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.CheckConstraint("a > 5 OR 'a' = 'b'", name='ck_a'))
# next
op.alter_column('t', 'a', new_column_name='Zed')
# next
with op.batch_alter_table('t') as b:
    b.alter_column('Zed', nullable=False)
# case: placed
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('x', sa.Integer), insert_before='a')
    b.add_column(sa.Column('y', sa.Integer), insert_after='a')
    b.add_column(sa.Column('z', sa.Integer), insert_after='y')
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('w', sa.Integer), insert_after='id')
# case: placed_after_unknown
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('x', sa.Integer), insert_after='nope')
# case: reordered
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.Column('c', sa.Integer))
# next
with op.batch_alter_table('t', recreate='always', partial_reordering=[('c', 'a'), ('b', 'id')]) as b:
    b.add_column(sa.Column('x', sa.Integer), insert_before='c')
# case: schema
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), schema='s')
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.Boolean(create_constraint=True, name='bb')),
    sa.Column('o_id', sa.Integer, sa.ForeignKey('s.o.id', name='fk')), sa.Column('other', sa.Integer, sa.ForeignKey('o.id', name='fk2')), schema='s')
op.create_index('ix_b', 't', ['b'], schema='s')
# next
with op.batch_alter_table('t', schema='s') as b:
    b.alter_column('b', type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name='bb'))
    b.create_index('ix_o', ['o_id'])
# case: other_schema
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('o_id', sa.Integer, sa.ForeignKey('s.o.id', name='fk')))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('o_id', nullable=False)
    b.create_foreign_key('fk3', 'o', ['o_id'], ['id'], referent_schema='s')
# case: quoting
op.create_table('Order Lines', sa.Column('id', sa.Integer, primary_key=True), sa.Column('group', sa.Integer), sa.Column('aB', sa.Integer), sa.Column('1st', sa.Integer),
    sa.UniqueConstraint('group', 'aB', name='Uq x'))
op.create_index('Ix', 'Order Lines', ['1st', 'group'])
# next
with op.batch_alter_table('Order Lines') as b:
    b.alter_column('group', new_column_name='select')
    b.alter_column('1st', type_=sa.String(2))
# case: long_name
op.create_table('a_table_with_a_name_that_is_much_longer_than_forty', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('a_table_with_a_name_that_is_much_longer_than_forty') as b:
    b.drop_column('a')
# case: table_args
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.CheckConstraint('a > 5'))
# next
with op.batch_alter_table('t', table_args=(sa.CheckConstraint('a > 6'), sa.UniqueConstraint('a', name='uq'))) as b:
    b.alter_column('a', nullable=False)
# case: reflect_args
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean(create_constraint=True), nullable=False, server_default='1'), sa.Column('g', sa.Integer))
# next
with op.batch_alter_table('t', reflect_args=[sa.Column('f', sa.Boolean())]) as b:
    b.drop_column('g')
# case: missing_column
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('nope', nullable=True)
# case: missing_column_dropped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('nope')
# case: missing_constraint
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('nope', type_='unique')
# case: missing_index
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.drop_index('nope')
# case: missing_table
with op.batch_alter_table('t') as b:
    b.drop_column('a')
# case: nameless
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.create_unique_constraint(None, ['a'])
# case: constraint_on_missing_column
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.create_unique_constraint('uq', ['a', 'nope'])
# case: dropped_and_added
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('a')
    b.add_column(sa.Column('a', sa.String(7), nullable=False, server_default='n'))
# case: added_twice
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('a', sa.String(7)))
# case: renamed_onto_another
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='id')
# case: swapped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.String(3)), sa.UniqueConstraint('a'))
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='b')
    b.alter_column('b', new_column_name='a')
# case: executed_inside
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
with op.batch_alter_table('t') as b:
    b.drop_column('a')
    b.execute("UPDATE t SET a = 5")
# case: long_history
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(10), unique=True), sa.Column('b', sa.DateTime(), server_default=sa.func.now()))
# next
op.add_column('t', sa.Column('c', sa.Boolean(), nullable=False, server_default='0'))
op.create_index('ix_c', 't', ['c', 'a'])
# next
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('o_id', sa.Integer(), nullable=True))
    b.create_foreign_key('fk_o', 'o', ['o_id'], ['id'])
# next
op.rename_table('t', 'tt')
# next
with op.batch_alter_table('tt', schema=None) as b:
    b.alter_column('c', new_column_name='flag', existing_type=sa.Boolean(), existing_nullable=False)
    b.drop_constraint('fk_o', type_='foreignkey')
    b.drop_column('o_id')
# next
op.drop_column('tt', 'b')
op.alter_column('tt', 'flag', new_column_name='Flag')
# next
with op.batch_alter_table('tt') as b:
    b.alter_column('Flag', type_=sa.Integer(), existing_type=sa.Boolean())
    b.create_unique_constraint('uq_flag', ['Flag'])
# case: copy_from
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean(create_constraint=True)), sa.Column('a', sa.Integer), sa.CheckConstraint('a > 5'))
# next
table = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean(create_constraint=True)), sa.Column('a', sa.Integer, unique=True), sa.CheckConstraint('a > 5'), sa.Index('ix_a', 'a'))
with op.batch_alter_table('t', copy_from=table) as b:
    b.alter_column('a', nullable=False)
    b.add_column(sa.Column('z', sa.Integer))
# case: copy_from_type_changed
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean()), sa.Column('e', sa.String(3)))
# next
table = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('f', sa.Boolean(create_constraint=True, name='ck_f')), sa.Column('e', sa.Enum('a', 'b', name='en', create_constraint=True)))
with op.batch_alter_table('t', copy_from=table) as b:
    b.alter_column('f', type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name='ck_f'))
# case: copy_from_constraint_dropped
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='uq'))
# next
table = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, sa.CheckConstraint('a > 0', name='ck_a'), index=True), sa.UniqueConstraint('a', name='uq'))
with op.batch_alter_table('t', copy_from=table) as b:
    b.drop_constraint('uq', type_='unique')
    b.drop_constraint('ck_a', type_='check')
# case: dml
t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.String))
op.bulk_insert(t, [{'id': 1, 'b': 'x'}, {'id': 2, 'b': None}])
u = sa.table('t', sa.column('id', sa.Integer), sa.column('b', sa.String))
op.execute(u.update().where(u.c.id == 5).values(b="it's"))
op.execute(u.insert().values(id=7, b='z'))
op.execute(u.delete().where(u.c.b == 'x'))
op.execute(sa.text("UPDATE t SET b = :x WHERE b = 'a\\:b'").bindparams(x="q"))
op.execute("UPDATE t SET b = '100%' WHERE\tid = 3")
op.bulk_insert(u, [{'id': 3}, {'id': 4}])
# case: alter_in_place
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
# next
op.alter_column('t', 'a', nullable=False, new_column_name='b')
# case: unique_index_of_key
op.create_table('t', sa.Column('id', sa.String(5), primary_key=True), sa.Column('a', sa.Integer), sa.UniqueConstraint('id', name='uq_id'), sa.UniqueConstraint('a', 'id'), sa.UniqueConstraint('id', 'a', name='uq2'))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint('uq_id', type_='unique')
# case: rows
t = sa.table('t', sa.column('id', sa.Integer), sa.column('b', sa.String), sa.column('j', sa.JSON), sa.column('d', sa.Boolean))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.String), sa.Column('j', sa.JSON), sa.Column('d', sa.Boolean))
op.bulk_insert(t, [{'id': 1, 'j': {'a': [1, 2.5, None, True], 'é"': 'x\n\\'}, 'd': True}, {'id': 2, 'j': None, 'd': None, 'b': 'left out'}])
op.bulk_insert(t, [{'id': 3, 'b': 'x'}, {'id': 4}], multiinsert=False)
op.execute(t.insert().values(id=5, j=['a']))
# next
t = sa.table("t", sa.column("id", sa.Integer), sa.column("b", sa.String))
op.bulk_insert(t, [{'id': 6, 'b': 'x'}, {'id': 7}])
# case: raw_sql_beside
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer))
op.execute("CREATE UNIQUE INDEX ix_raw ON t (a)")
op.execute("ALTER TABLE t RENAME TO tt")
op.execute("UPDATE tt SET a = 5")
# next
with op.batch_alter_table('tt') as b:
    b.alter_column('a', nullable=False)
