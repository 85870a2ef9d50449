# case: plain
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(50), nullable=False, server_default='x'),
    sa.Column('b', sa.Integer, server_default='10'), sa.Column('e', sa.Enum('p', 'q', name='en')), sa.UniqueConstraint('a'), sa.UniqueConstraint('b', name='uq_b'))
op.create_index('ix_a', 't', ['a'])
# next
with op.batch_alter_table('t') as b:
    b.alter_column('a', new_column_name='A2', existing_type=sa.String(50))
    b.alter_column('b', type_=sa.String(), existing_type=sa.Integer)
    b.add_column(sa.Column('n', sa.DateTime, index=True, server_default=sa.func.now()))
# case: computed
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.Computed('id + 1', persisted=True)))
# next
with op.batch_alter_table('t') as b:
    b.drop_constraint("x", type_="unique")
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('z', sa.Integer))
# case: computed2
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.Computed('id + 1', persisted=True)))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('z', sa.Integer))
# case: addunique
# convention: {"uq": "uq_%(table_name)s_%(column_0_name)s"}
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
# next
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('z', sa.Integer, unique=True))
    b.add_column(sa.Column('w', sa.Integer, default=5))
# case: schema
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.Boolean(create_constraint=True, name='bb')), schema='s')
# next
with op.batch_alter_table('t', schema='s') as b:
    b.alter_column('b', type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name='bb'))
# case: dml
t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.String))
op.bulk_insert(t, [{'id': 1, 'b': 'x'}, {'id': 2, 'b': None}])
u = sa.table('t', sa.column('id', sa.Integer), sa.column('b', sa.String))
op.execute(u.update().where(u.c.id == 5).values(b='it''s'))
op.execute(u.insert().values(id=7, b='z'))
op.execute(sa.text("UPDATE t SET b = :x WHERE b = 'a\\:b'").bindparams(x="q"))
op.bulk_insert(u, [{'id': 3}, {'id': 4}])
