def upgrade() -> None:
    op.execute("UPDATE users SET name = 'it''s' WHERE id = :id")
    op.execute(
        """
        SELECT count(*) -- don't stop
        FROM users
        """
    )
    op.execute(sa.text(f'DELETE FROM {table}'), execution_options={"note": "SELECT"})
    op.get_bind().exec_driver_sql("VACUUM")
    op.add_column("users", sa.Column("note", sa.Text(), comment="SELECT"))
