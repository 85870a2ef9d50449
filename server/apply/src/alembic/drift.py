# Tells each difference that Alembic's autogenerate finds, as a line on standard error, with the place of the class or
# call that declares its table: what `driver.py` does beside its work where somebody wants to know.
def tell_differences():
    import ast
    import inspect
    import sys

    from alembic.autogenerate import api

    def column_line(node, names):
        for statement in getattr(node, "body", []):
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            if any(isinstance(target, ast.Name) and target.id in names for target in targets):
                return statement.lineno
        # `Table("users", metadata, Column("email", ...))`
        for argument in getattr(node, "args", []):
            first = argument.args[0] if isinstance(argument, ast.Call) and argument.args else None
            if isinstance(first, ast.Constant) and first.value in names:
                return argument.lineno
        return node.lineno

    def place(name, schema, column):
        """The file and the line that declare a table, or its column."""
        from sqlalchemy import Table

        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            for key, value in list((getattr(module, "__dict__", None) or {}).items()):
                table = value if isinstance(value, Table) else None
                is_class = inspect.isclass(value)
                if is_class and value.__module__ == module.__name__:
                    table = vars(value).get("__table__")
                if not isinstance(table, Table) or (table.name, table.schema) != (name, schema) or not path:
                    continue
                with open(path, "rb") as source:
                    tree = ast.parse(source.read())
                for node in ast.walk(tree):
                    names = {column}
                    if is_class and isinstance(node, ast.ClassDef) and node.name == key:
                        for found in value.__mapper__.column_attrs:
                            names.update({found.key} if any(one.name == column for one in found.columns) else ())
                        return path, column_line(node, names)
                    named = isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
                    if not is_class and named and node.args[0].value == name:
                        return path, column_line(node, names)
        return None

    def told(difference):
        """Kind, schema, table, name of what differs, its state in the database and in the models."""
        kind, first, *rest = difference
        if kind in ("add_table", "remove_table", "add_table_comment", "remove_table_comment"):
            return kind, first.schema, first.name, None, None, None
        if kind in ("add_column", "remove_column"):
            return kind, first, rest[0], rest[1].name, None, None
        if kind.startswith("modify_"):
            return kind, first, rest[0], rest[1], rest[-2], rest[-1]
        return kind, first.table.schema, first.table.name, first.name, None, None

    def tell(difference):
        kind, schema, table, name, before, after = told(difference)
        column = name if kind.startswith("modify_") or kind == "add_column" else None
        try:
            found = place(table, schema, column)
        except Exception:
            # A module may be no file, or read otherwise than it was written: the place is not known then.
            found = None
        cells = [kind, schema, table, name, before, after, *(found or (None, None))]
        texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
        print("\t".join(["revline-difference", *texts]), file=sys.stderr, flush=True)

    compare = api.RevisionContext.run_autogenerate

    def run_autogenerate(self, *args, **kwargs):
        compare(self, *args, **kwargs)
        # A hook of the project may have taken the revision away.
        for script in self.generated_revisions[-1:]:
            for difference in script.upgrade_ops_list[-1].as_diffs():
                for one in difference if isinstance(difference, list) else [difference]:
                    tell(one)

    api.RevisionContext.run_autogenerate = run_autogenerate


