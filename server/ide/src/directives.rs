//! Alembic's directives and a few of SQLAlchemy's constructors as one writes them: parameters and
//! what they are for. Follows `alembic.operations.base` of Alembic 1.20.

/// A callable with its parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Directive {
    /// The name.
    pub(crate) name: &'static str,
    /// The parameters on `op`, as Python writes them; `None` where it has no such directive.
    pub(crate) on_op: Option<&'static str>,
    /// The parameters on `batch_op`.
    pub(crate) on_batch: Option<&'static str>,
    /// What it does.
    pub(crate) summary: &'static str,
    /// What has to be given on `op`, as a snippet.
    pub(crate) snippet: &'static str,
    /// The same on `batch_op`.
    pub(crate) batch_snippet: &'static str,
}

/// One parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Parameter {
    /// The name, without stars.
    pub(crate) name: &'static str,
    /// As it is written: `schema=None`, `*columns`.
    pub(crate) written: &'static str,
    /// Whether it can only be given by name.
    pub(crate) is_keyword: bool,
    /// Whether it takes what is left: `*columns`, `**kw`.
    pub(crate) is_rest: bool,
}

/// The parameters of a signature.
pub(crate) fn parameters(signature: &'static str) -> Vec<Parameter> {
    let mut is_keyword = false;
    let mut all = Vec::new();
    for written in signature.split(", ").filter(|written| !written.is_empty()) {
        if written == "*" {
            is_keyword = true;
            continue;
        }
        let stars = written.len() - written.trim_start_matches('*').len();
        let bare = written.get(stars..).unwrap_or_default();
        let name = bare.split('=').next().unwrap_or_default();
        all.push(Parameter {
            name,
            written,
            is_keyword: is_keyword && stars == 0,
            is_rest: stars > 0,
        });
        is_keyword |= stars == 1;
    }
    all
}

/// The directive or constructor of a dotted name, and its signature.
pub(crate) fn find(callee: &str) -> Option<(&'static Directive, &'static str)> {
    let (receiver, name) = callee.rsplit_once('.').unwrap_or(("", callee));
    let directive = DIRECTIVES.iter().find(|directive| directive.name == name);
    match receiver {
        "op" | "alembic.op" => directive.and_then(|one| Some((one, one.on_op?))),
        "sa" | "sqlalchemy" | "" => {
            CONSTRUCTORS.iter().find(|one| one.name == name).and_then(|one| Some((one, one.on_op?)))
        }
        receiver if is_batch(receiver) => directive.and_then(|one| Some((one, one.on_batch?))),
        _ => None,
    }
}

/// Whether a name is by habit that of a batch.
pub(crate) fn is_batch(receiver: &str) -> bool {
    receiver == "batch_op" || receiver == "batch" || receiver.ends_with("_batch_op")
}

/// What a parameter is for.
pub(crate) fn meaning(parameter: &str) -> &'static str {
    match parameter {
        "table_name" => "The table.",
        "source_table" => "The table that gets the constraint.",
        "referent_table" => "The table that it points to.",
        "old_table_name" => "The table as it is called so far.",
        "new_table_name" => "Its new name.",
        "column_name" => "The column as it is called so far.",
        "new_column_name" => "The column's new name.",
        "column" => "The new column, a `sa.Column`.",
        "columns" => "The columns, in order.",
        "local_cols" => "The columns of this table.",
        "remote_cols" => "The columns of the table that it points to.",
        "index_name" => "The name of the index.",
        "constraint_name" => {
            "The name of the constraint; `None` leaves it to the naming convention."
        }
        "condition" => "What has to hold, as SQL text or an expression.",
        "schema" => "The schema of the table, where it is not the default one.",
        "source_schema" => "The schema of the table that gets the constraint.",
        "referent_schema" => "The schema of the table that it points to.",
        "nullable" => "Whether the column takes NULL.",
        "server_default" => {
            "What the database puts in where a row says nothing; `None` takes the default away."
        }
        "type_" => {
            "The new type; for `drop_constraint` the kind: `foreignkey`, `primary`, `unique` or `check`."
        }
        "existing_type" => {
            "The type so far; some databases need it to state the whole column again."
        }
        "existing_server_default" => "The default so far.",
        "existing_nullable" => "Whether the column took NULL so far.",
        "existing_comment" => "The comment so far.",
        "comment" => "The comment; `None` takes it away.",
        "autoincrement" => "Whether the column counts by itself.",
        "existing_autoincrement" => "Whether the column counted by itself so far.",
        "unique" => "Whether the values are unique.",
        "index" => "Whether an index over the column is made with it.",
        "primary_key" => "Whether the column is part of the primary key.",
        "if_not_exists" => "Do nothing where it is there already.",
        "if_exists" => "Do nothing where it is not there.",
        "inline_references" => {
            "Write the foreign key into the column instead of a constraint of its own."
        }
        "inline_primary_key" => "Write PRIMARY KEY into the column.",
        "ondelete" => "What happens when the other row is deleted: `CASCADE`, `SET NULL`, …",
        "onupdate" => "What happens when the other row's key changes.",
        "deferrable" => "Whether the check can wait for the end of the transaction.",
        "initially" => "`DEFERRED` or `IMMEDIATE`.",
        "match" => "The MATCH clause of the foreign key.",
        "recreate" => {
            "`'auto'` copies the table where the database cannot ALTER, `'always'`, `'never'`."
        }
        "copy_from" => "The table as it is, instead of asking the database.",
        "naming_convention" => "Names for constraints that have none in the database.",
        "partial_reordering" => "Lists of columns that keep this order.",
        "table_args" => "Constraints for the new table.",
        "table_kwargs" => "Keywords for the new table.",
        "reflect_args" => "Columns that stand for what would be found in the database.",
        "reflect_kwargs" => "Keywords of the search in the database.",
        "insert_before" => "The column before which the new one stands.",
        "insert_after" => "The column after which the new one stands.",
        "sqltext" => "The statement.",
        "execution_options" => "Options of the execution.",
        "rows" => "The rows, as dictionaries.",
        "multiinsert" => "Whether all rows go in one statement.",
        "postgresql_using" => {
            "How PostgreSQL makes the new values from the old; for an index, its method."
        }
        "postgresql_concurrently" => "Build the index while others write; outside a transaction.",
        "postgresql_where" => "Only rows for which this holds.",
        "sqlite_where" => "Only rows for which this holds.",
        "default" => "A value that Python puts in; it changes nothing in the database.",
        "name" => "The name.",
        "value" => "The value.",
        _ => "",
    }
}

/// Every directive, in the order of their names.
pub(crate) const DIRECTIVES: &[Directive] = &[
    Directive {
        name: "add_column",
        on_op: Some(
            "table_name, column, *, schema=None, if_not_exists=None, inline_references=None, inline_primary_key=None",
        ),
        on_batch: Some(
            "column, *, insert_before=None, insert_after=None, if_not_exists=None, inline_references=None, inline_primary_key=None",
        ),
        summary: "Adds a column. Keys, checks and an index that the column brings along are made with it.",
        snippet: "add_column(\"${1:table}\", sa.Column(\"${2:name}\", ${3:sa.String()}))$0",
        batch_snippet: "add_column(sa.Column(\"${1:name}\", ${2:sa.String()}))$0",
    },
    Directive {
        name: "alter_column",
        on_op: Some(
            "table_name, column_name, *, nullable=None, comment=False, server_default=False, new_column_name=None, type_=None, existing_type=None, existing_server_default=False, existing_nullable=None, existing_comment=None, schema=None, autoincrement=None, existing_autoincrement=None, postgresql_using=None",
        ),
        on_batch: Some(
            "column_name, *, nullable=None, comment=False, server_default=False, new_column_name=None, type_=None, existing_type=None, existing_server_default=False, existing_nullable=None, existing_comment=None, insert_before=None, insert_after=None, autoincrement=None, existing_autoincrement=None, postgresql_using=None",
        ),
        summary: "Changes a column: its type, default, name, comment, or whether it takes NULL. SQLite can only rename without a batch.",
        snippet: "alter_column(\"${1:table}\", \"${2:column}\", ${3:existing_type=${4:sa.String()}})$0",
        batch_snippet: "alter_column(\"${1:column}\", ${2:existing_type=${3:sa.String()}})$0",
    },
    Directive {
        name: "batch_alter_table",
        on_op: Some(
            "table_name, schema=None, recreate='auto', partial_reordering=None, copy_from=None, table_args=(), table_kwargs=None, reflect_args=(), reflect_kwargs=None, naming_convention=None",
        ),
        on_batch: None,
        summary: "Gathers changes of one table. Where the database cannot ALTER, the table is made anew and its rows are copied.",
        snippet: "batch_alter_table(\"${1:table}\") as batch_op:\n    $0",
        batch_snippet: "",
    },
    Directive {
        name: "bulk_insert",
        on_op: Some("table, rows, *, multiinsert=True"),
        on_batch: None,
        summary: "Inserts rows, given as dictionaries, into a `sa.table`.",
        snippet: "bulk_insert(${1:table}, [${2}])$0",
        batch_snippet: "",
    },
    Directive {
        name: "create_check_constraint",
        on_op: Some("constraint_name, table_name, condition, *, schema=None, **kw"),
        on_batch: Some("constraint_name, condition, **kw"),
        summary: "Adds a CHECK constraint.",
        snippet: "create_check_constraint(\"${1:name}\", \"${2:table}\", \"${3:condition}\")$0",
        batch_snippet: "create_check_constraint(\"${1:name}\", \"${2:condition}\")$0",
    },
    Directive {
        name: "create_exclude_constraint",
        on_op: Some("constraint_name, table_name, *elements, **kw"),
        on_batch: Some("constraint_name, *elements, **kw"),
        summary: "Adds an EXCLUDE constraint; PostgreSQL only.",
        snippet: "create_exclude_constraint(\"${1:name}\", \"${2:table}\", (\"${3:column}\", \"${4:=}\"))$0",
        batch_snippet: "create_exclude_constraint(\"${1:name}\", (\"${2:column}\", \"${3:=}\"))$0",
    },
    Directive {
        name: "create_foreign_key",
        on_op: Some(
            "constraint_name, source_table, referent_table, local_cols, remote_cols, *, onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, source_schema=None, referent_schema=None, **dialect_kw",
        ),
        on_batch: Some(
            "constraint_name, referent_table, local_cols, remote_cols, *, referent_schema=None, onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, **dialect_kw",
        ),
        summary: "Adds a FOREIGN KEY between two tables that are there.",
        snippet: "create_foreign_key(\"${1:name}\", \"${2:table}\", \"${3:referent}\", [\"${4:column}\"], [\"${5:id}\"])$0",
        batch_snippet: "create_foreign_key(\"${1:name}\", \"${2:referent}\", [\"${3:column}\"], [\"${4:id}\"])$0",
    },
    Directive {
        name: "create_index",
        on_op: Some(
            "index_name, table_name, columns, *, schema=None, unique=False, if_not_exists=None, postgresql_concurrently=False, postgresql_using=None, postgresql_where=None, sqlite_where=None, **kw",
        ),
        on_batch: Some(
            "index_name, columns, *, unique=False, if_not_exists=None, postgresql_using=None, postgresql_where=None, sqlite_where=None, **kw",
        ),
        summary: "Makes an index over columns, or over expressions given as `sa.text(…)`.",
        snippet: "create_index(\"${1:ix_table_column}\", \"${2:table}\", [\"${3:column}\"])$0",
        batch_snippet: "create_index(\"${1:ix_table_column}\", [\"${2:column}\"])$0",
    },
    Directive {
        name: "create_primary_key",
        on_op: Some("constraint_name, table_name, columns, *, schema=None"),
        on_batch: Some("constraint_name, columns"),
        summary: "Adds a primary key to a table that has none.",
        snippet: "create_primary_key(\"${1:name}\", \"${2:table}\", [\"${3:id}\"])$0",
        batch_snippet: "create_primary_key(\"${1:name}\", [\"${2:id}\"])$0",
    },
    Directive {
        name: "create_table",
        on_op: Some(
            "table_name, *columns, if_not_exists=None, schema=None, comment=None, prefixes=None, info=None, **kw",
        ),
        on_batch: None,
        summary: "Makes a table of columns, constraints and indexes.",
        snippet: "create_table(\n    \"${1:table}\",\n    sa.Column(\"${2:id}\", ${3:sa.Integer()}, primary_key=True),\n)$0",
        batch_snippet: "",
    },
    Directive {
        name: "create_table_comment",
        on_op: Some("table_name, comment, *, existing_comment=None, schema=None"),
        on_batch: Some("comment, *, existing_comment=None"),
        summary: "Sets the comment of a table.",
        snippet: "create_table_comment(\"${1:table}\", \"${2:comment}\")$0",
        batch_snippet: "create_table_comment(\"${1:comment}\")$0",
    },
    Directive {
        name: "create_unique_constraint",
        on_op: Some("constraint_name, table_name, columns, *, schema=None, **kw"),
        on_batch: Some("constraint_name, columns, **kw"),
        summary: "Adds a UNIQUE constraint.",
        snippet: "create_unique_constraint(\"${1:name}\", \"${2:table}\", [\"${3:column}\"])$0",
        batch_snippet: "create_unique_constraint(\"${1:name}\", [\"${2:column}\"])$0",
    },
    Directive {
        name: "drop_column",
        on_op: Some("table_name, column_name, *, schema=None, if_exists=None, **kw"),
        on_batch: Some("column_name, **kw"),
        summary: "Drops a column, and with it its values.",
        snippet: "drop_column(\"${1:table}\", \"${2:column}\")$0",
        batch_snippet: "drop_column(\"${1:column}\")$0",
    },
    Directive {
        name: "drop_constraint",
        on_op: Some("constraint_name, table_name, type_=None, *, schema=None, if_exists=None"),
        on_batch: Some("constraint_name, type_=None"),
        summary: "Drops a constraint by its name. MySQL needs `type_`.",
        snippet: "drop_constraint(\"${1:name}\", \"${2:table}\", type_=\"${3|foreignkey,unique,check,primary|}\")$0",
        batch_snippet: "drop_constraint(\"${1:name}\", type_=\"${2|foreignkey,unique,check,primary|}\")$0",
    },
    Directive {
        name: "drop_index",
        on_op: Some(
            "index_name, table_name=None, *, schema=None, if_exists=None, postgresql_concurrently=False, **kw",
        ),
        on_batch: Some("index_name, *, if_exists=None, **kw"),
        summary: "Drops an index by its name.",
        snippet: "drop_index(\"${1:name}\", table_name=\"${2:table}\")$0",
        batch_snippet: "drop_index(\"${1:name}\")$0",
    },
    Directive {
        name: "drop_table",
        on_op: Some("table_name, *, schema=None, if_exists=None, **kw"),
        on_batch: None,
        summary: "Drops a table, and with it its rows.",
        snippet: "drop_table(\"${1:table}\")$0",
        batch_snippet: "",
    },
    Directive {
        name: "drop_table_comment",
        on_op: Some("table_name, *, existing_comment=None, schema=None"),
        on_batch: Some("*, existing_comment=None"),
        summary: "Takes the comment of a table away.",
        snippet: "drop_table_comment(\"${1:table}\")$0",
        batch_snippet: "drop_table_comment()$0",
    },
    Directive {
        name: "execute",
        on_op: Some("sqltext, *, execution_options=None"),
        on_batch: Some("sqltext, *, execution_options=None"),
        summary: "Runs a statement: SQL text, or what `sa.table(…)` gives. Its rows are not returned.",
        snippet: "execute(\"${1}\")$0",
        batch_snippet: "execute(\"${1}\")$0",
    },
    Directive {
        name: "f",
        on_op: Some("name"),
        on_batch: Some("name"),
        summary: "Marks a name as final: no naming convention is applied to it.",
        snippet: "f(\"${1:name}\")$0",
        batch_snippet: "f(\"${1:name}\")$0",
    },
    Directive {
        name: "get_bind",
        on_op: Some(""),
        on_batch: None,
        summary: "The connection. With `--sql` there is none to ask: what it is asked for is not known then.",
        snippet: "get_bind()$0",
        batch_snippet: "",
    },
    Directive {
        name: "get_context",
        on_op: Some(""),
        on_batch: None,
        summary: "The context of the run; `autocommit_block()` of it runs statements outside the transaction.",
        snippet: "get_context()$0",
        batch_snippet: "",
    },
    Directive {
        name: "inline_literal",
        on_op: Some("value, type_=None"),
        on_batch: None,
        summary: "A value that is written into the statement instead of being bound to it.",
        snippet: "inline_literal(${1})$0",
        batch_snippet: "",
    },
    Directive {
        name: "rename_table",
        on_op: Some("old_table_name, new_table_name, *, schema=None"),
        on_batch: None,
        summary: "Gives a table another name.",
        snippet: "rename_table(\"${1:table}\", \"${2:new name}\")$0",
        batch_snippet: "",
    },
];

/// The constructors that directives are handed.
pub(crate) const CONSTRUCTORS: &[Directive] = &[
    constructor(
        "Column",
        "name, type_, *args, nullable=True, primary_key=False, server_default=None, default=None, index=False, unique=False, comment=None, autoincrement='auto', onupdate=None",
        "A column. `default` and `onupdate` change nothing in the database; `server_default` does.",
    ),
    constructor(
        "ForeignKey",
        "column, *, name=None, ondelete=None, onupdate=None, deferrable=None, initially=None, match=None, use_alter=False",
        "A foreign key of one column, to `\"table.column\"`.",
    ),
    constructor(
        "ForeignKeyConstraint",
        "columns, refcolumns, *, name=None, ondelete=None, onupdate=None, deferrable=None, initially=None, match=None, use_alter=False",
        "A foreign key over columns, to `[\"table.column\"]`.",
    ),
    constructor("PrimaryKeyConstraint", "*columns, name=None", "The primary key of a table."),
    constructor(
        "UniqueConstraint",
        "*columns, name=None, deferrable=None, initially=None",
        "UNIQUE over columns.",
    ),
    constructor(
        "CheckConstraint",
        "sqltext, *, name=None",
        "A condition that every row has to meet.",
    ),
    constructor("Index", "name, *columns, unique=False", "An index of a table."),
];

const fn constructor(
    name: &'static str,
    signature: &'static str,
    summary: &'static str,
) -> Directive {
    Directive {
        name,
        on_op: Some(signature),
        on_batch: None,
        summary,
        snippet: "",
        batch_snippet: "",
    }
}
