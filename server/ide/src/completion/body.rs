//! Proposals inside `upgrade` and `downgrade`: names from the schema at that point, directives, their
//! keywords.

use revline_analysis::{ColumnEntry, Direction, IndexEntry, Project, Snapshot, TableEntry};
use revline_history::Node;
use revline_schema::{Key, Schema};
use revline_sql::Dialect;
use revline_text::Range;

use crate::card;
use crate::caret::{Caret, Frame, caret};
use crate::directives::{DIRECTIVES, find, is_batch, meaning, parameters};
use crate::types::{Completion, CompletionKind, FilePosition};

/// What can be written at the caret in the body of a revision.
pub(super) fn completions(snapshot: &Snapshot, at: FilePosition) -> Vec<Completion> {
    let Some(project) = snapshot.owners(at.file).next() else { return Vec::new() };
    let Some(node) = project.graph().node(at.file) else { return Vec::new() };
    let Some(text) = snapshot.text(at.file) else { return Vec::new() };
    let text = text.as_str();
    let Some(caret) = caret(text, at.offset as usize) else { return Vec::new() };
    match caret.string {
        Some(string) => {
            let place = Place { snapshot, project, node, at, caret: &caret, string };
            place.names().unwrap_or_default()
        }
        None => words(text, &caret),
    }
}

/// A caret inside a string.
struct Place<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
    node: Node,
    at: FilePosition,
    caret: &'a Caret,
    string: Range,
}

/// What a string names.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Wanted {
    Table,
    Column(Key),
    /// `table.column`.
    Target,
    Index(Option<Key>),
    Constraint(Option<Key>),
    /// A column of the table that is being typed.
    Own(Vec<String>),
    /// One of a few words.
    Word(&'static [&'static str]),
}

impl Place<'_> {
    fn names(&self) -> Option<Vec<Completion>> {
        let wanted = self.wanted()?;
        let dialect = self.snapshot.dialects(self.project).into_iter().next()?;
        let direction = match self.caret.function.as_str() {
            "downgrade" => Direction::Downgrade,
            _ => Direction::Upgrade,
        };
        let schema = || {
            let offset = self.line_start();
            self.snapshot.schema_at(self.project, self.node, direction, offset, dialect)
        };
        Some(match wanted {
            Wanted::Table => self.tables(&schema(), dialect),
            Wanted::Column(key) => self.columns(&schema(), &key, dialect),
            Wanted::Target => self.targets(&schema(), dialect),
            Wanted::Index(key) => self.indexes(&schema(), key.as_ref(), dialect),
            Wanted::Constraint(key) => self.constraints(&schema(), key.as_ref(), dialect),
            Wanted::Own(columns) => {
                let own = columns.iter().enumerate();
                own.map(|(order, name)| self.name(name, CompletionKind::Column, "", "", order))
                    .collect()
            }
            Wanted::Word(words) => {
                let words = words.iter().enumerate();
                words
                    .map(|(order, word)| self.name(word, CompletionKind::Keyword, "", "", order))
                    .collect()
            }
        })
    }

    /// Operations count as above the caret when they end before the outermost call around it.
    fn line_start(&self) -> u32 {
        let outermost = self.caret.frames.first().map_or(self.at.offset as usize, |frame| {
            frame.start.saturating_sub(frame.callee.len() + 1)
        });
        u32::try_from(outermost).unwrap_or(self.at.offset)
    }

    fn wanted(&self) -> Option<Wanted> {
        // Brackets of a list and `op.f(…)` belong to the call around them.
        let is_call = |frame: &&Frame| !frame.callee.is_empty() && frame.method() != "f";
        let (depth, frame) =
            self.caret.frames.iter().enumerate().rev().find(|(_, frame)| is_call(frame))?;
        let outer = self.caret.frames.iter().take(depth).rev().find(is_call);
        let position = frame.argument;
        let receiver = frame.callee.rsplit_once('.').map_or("", |(receiver, _)| receiver);
        if let Some((directive, signature)) = find(&frame.callee)
            && DIRECTIVES.iter().any(|one| one.name == directive.name)
            && !receiver.is_empty()
        {
            let batch = is_batch(receiver).then_some(self.caret.batch.as_ref()).flatten();
            return self.of_directive(directive.name, signature, frame, batch);
        }
        let own =
            |outer: Option<&Frame>| outer.map(|outer| outer.columns.clone()).unwrap_or_default();
        match frame.method() {
            "ForeignKey" if position == 0 && frame.keyword.is_none() => Some(Wanted::Target),
            "ForeignKeyConstraint" => match (position, frame.keyword.as_deref()) {
                (0, None) | (_, Some("columns")) => Some(Wanted::Own(own(outer))),
                (1, None) | (_, Some("refcolumns")) => Some(Wanted::Target),
                (_, Some("ondelete" | "onupdate")) => Some(Wanted::Word(REFERENCE_ACTIONS)),
                _ => None,
            },
            "PrimaryKeyConstraint" | "UniqueConstraint" if frame.keyword.is_none() => {
                Some(Wanted::Own(own(outer)))
            }
            "Index" if position > 0 && frame.keyword.is_none() => Some(Wanted::Own(own(outer))),
            _ => match frame.keyword.as_deref() {
                Some("ondelete" | "onupdate") => Some(Wanted::Word(REFERENCE_ACTIONS)),
                _ => None,
            },
        }
    }

    fn of_directive(
        &self,
        name: &str,
        signature: &'static str,
        frame: &Frame,
        batch: Option<&(Option<String>, String)>,
    ) -> Option<Wanted> {
        let all = parameters(signature);
        let place = |name: &str| all.iter().position(|one| one.name == name && !one.is_keyword);
        let parameter = match &frame.keyword {
            Some(keyword) => keyword.as_str(),
            None => all.get(frame.argument).filter(|one| !one.is_keyword).map(|one| one.name)?,
        };
        let table = |parameter: &str, schema: &str| {
            let name = frame.string(place(parameter), parameter)?;
            let schema = frame.string(place(schema), schema).map(Into::into);
            Some(Key { schema, name: name.into() })
        };
        let batch = batch.map(|(schema, table)| Key {
            schema: schema.as_deref().map(Into::into),
            name: table.as_str().into(),
        });
        let own = || {
            batch
                .clone()
                .or_else(|| table("table_name", "schema"))
                .or_else(|| table("source_table", "source_schema"))
        };
        match parameter {
            "table_name" if name == "create_table" => None,
            "table_name" | "source_table" | "referent_table" | "old_table_name" => {
                Some(Wanted::Table)
            }
            "column_name" | "columns" | "local_cols" | "insert_before" | "insert_after" => {
                own().map(Wanted::Column)
            }
            "remote_cols" => table("referent_table", "referent_schema").map(Wanted::Column),
            "index_name" if name == "drop_index" => Some(Wanted::Index(own())),
            "constraint_name" if name == "drop_constraint" => Some(Wanted::Constraint(own())),
            "type_" if name == "drop_constraint" => Some(Wanted::Word(CONSTRAINT_KINDS)),
            "ondelete" | "onupdate" => Some(Wanted::Word(REFERENCE_ACTIONS)),
            "recreate" => Some(Wanted::Word(&["auto", "always", "never"])),
            _ => None,
        }
    }

    fn name(
        &self,
        name: &str,
        kind: CompletionKind,
        detail: &str,
        documentation: &str,
        order: usize,
    ) -> Completion {
        Completion {
            label: name.to_owned(),
            detail: detail.to_owned(),
            documentation: documentation.to_owned(),
            replace: self.string,
            insert: name.to_owned(),
            snippet: None,
            kind,
            sort: format!("{order:06}"),
        }
    }

    fn entry(
        &self,
        schema: &Schema,
        key: &Key,
        dialect: &'static dyn Dialect,
    ) -> Option<TableEntry> {
        let table = schema.tables.get(key)?;
        Some(TableEntry::of(table, dialect, &self.snapshot.sql_settings(self.project)))
    }

    fn tables(&self, schema: &Schema, dialect: &'static dyn Dialect) -> Vec<Completion> {
        let settings = self.snapshot.sql_settings(self.project);
        let tables = schema.tables.values().enumerate();
        tables
            .map(|(order, table)| {
                let name = table.name.name.as_str();
                let detail = match table.columns.len() {
                    _ if !table.is_certain() => "uncertain".to_owned(),
                    1 => "1 column".to_owned(),
                    columns => format!("{columns} columns"),
                };
                // The card of each of many tables would be work for nothing.
                let card = if schema.tables.size() <= 40 {
                    drawn(&TableEntry::of(table, dialect, &settings))
                } else {
                    String::new()
                };
                self.name(name, CompletionKind::Table, &detail, &card, order)
            })
            .collect()
    }

    fn columns(
        &self,
        schema: &Schema,
        key: &Key,
        dialect: &'static dyn Dialect,
    ) -> Vec<Completion> {
        let columns =
            self.entry(schema, key, dialect).map(|table| table.columns).unwrap_or_default();
        let proposed = columns.iter().enumerate().map(|(order, column)| {
            self.name(&column.name, CompletionKind::Column, &described(column), "", order)
        });
        proposed.collect()
    }

    /// `table.column`, those of primary keys first; before the dot is typed as well.
    fn targets(&self, schema: &Schema, dialect: &'static dyn Dialect) -> Vec<Completion> {
        let settings = self.snapshot.sql_settings(self.project);
        let mut proposed = Vec::new();
        for table in schema.tables.values() {
            let entry = TableEntry::of(table, dialect, &settings);
            let key =
                entry.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
            for column in &entry.columns {
                let name = format!("{}.{}", entry.full_name(), column.name);
                let rank = if key.contains(&column.name) { 0 } else { 500_000 };
                let order = rank + proposed.len();
                let detail = described(column);
                proposed.push(self.name(&name, CompletionKind::Column, &detail, "", order));
            }
        }
        proposed
    }

    fn indexes(
        &self,
        schema: &Schema,
        key: Option<&Key>,
        dialect: &'static dyn Dialect,
    ) -> Vec<Completion> {
        self.parts(schema, key, dialect, |entry| {
            let part = |index: &IndexEntry| {
                let detail = format!("{} ({})", entry.full_name(), index.columns.join(", "));
                Some((index.name.clone()?, detail))
            };
            entry.indexes.iter().filter_map(part).collect()
        })
    }

    fn constraints(
        &self,
        schema: &Schema,
        key: Option<&Key>,
        dialect: &'static dyn Dialect,
    ) -> Vec<Completion> {
        self.parts(schema, key, dialect, |entry| {
            let keys = entry
                .primary_key
                .iter()
                .map(|key| ("primary key", &key.name))
                .chain(entry.unique.iter().map(|key| ("unique", &key.name)))
                .chain(entry.foreign_keys.iter().map(|key| ("foreign key", &key.name)))
                .chain(entry.checks.iter().map(|check| ("check", &check.name)));
            keys.filter_map(|(what, name)| {
                Some((name.clone()?, format!("{what} of {}", entry.full_name())))
            })
            .collect()
        })
    }

    /// Named parts, each with its detail, of one table or of all.
    fn parts(
        &self,
        schema: &Schema,
        key: Option<&Key>,
        dialect: &'static dyn Dialect,
        of: impl Fn(&TableEntry) -> Vec<(String, String)>,
    ) -> Vec<Completion> {
        let settings = self.snapshot.sql_settings(self.project);
        let tables = schema.tables.iter().filter(|(own, _)| key.is_none_or(|key| key == *own));
        let parts = tables.flat_map(|(_, table)| of(&TableEntry::of(table, dialect, &settings)));
        let named = parts.enumerate().map(|(order, (name, detail))| {
            self.name(&name, CompletionKind::Constraint, &detail, "", order)
        });
        named.collect()
    }
}

const REFERENCE_ACTIONS: &[&str] = &["CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT"];
const CONSTRAINT_KINDS: &[&str] = &["foreignkey", "unique", "check", "primary"];

fn described(column: &ColumnEntry) -> String {
    let null = if column.nullable { "" } else { " not null" };
    format!("{}{null}", column.type_.as_deref().unwrap_or("unknown type"))
}

fn drawn(table: &TableEntry) -> String {
    let lines: Vec<String> = card::lines(table).into_iter().map(|line| line.text).collect();
    format!("```text\n{}\n```", lines.join("\n").replace("```", "'''"))
}

/// Directives behind `op.` and `batch_op.`, keywords where an argument begins.
fn words(text: &str, caret: &Caret) -> Vec<Completion> {
    let word = caret.word.slice(text).unwrap_or_default();
    if let Some((receiver, typed)) = word.rsplit_once('.') {
        let start = caret.word.end() as usize - typed.len();
        return directives_of(receiver, Range::of(start, caret.word.end() as usize));
    }
    let Some(frame) = caret.frames.last().filter(|_| caret.starts_argument) else {
        return Vec::new();
    };
    let Some((_, signature)) = find(&frame.callee) else { return Vec::new() };
    let all = parameters(signature);
    let given =
        |name: &str| frame.strings.iter().any(|(_, keyword, _)| keyword.as_deref() == Some(name));
    let left = all.iter().enumerate().filter(|(place, parameter)| {
        !parameter.is_rest
            && !given(parameter.name)
            && (parameter.is_keyword || *place >= frame.argument)
    });
    left.map(|(place, parameter)| Completion {
        label: format!("{}=", parameter.name),
        detail: parameter.written.to_owned(),
        documentation: meaning(parameter.name).to_owned(),
        replace: caret.word,
        insert: format!("{}=", parameter.name),
        snippet: None,
        kind: CompletionKind::Keyword,
        sort: format!("{place:06}"),
    })
    .collect()
}

fn directives_of(receiver: &str, replace: Range) -> Vec<Completion> {
    let is_op = receiver == "op";
    if !is_op && !is_batch(receiver) {
        return Vec::new();
    }
    DIRECTIVES
        .iter()
        .filter_map(|one| {
            let (signature, snippet) =
                if is_op { (one.on_op?, one.snippet) } else { (one.on_batch?, one.batch_snippet) };
            Some(Completion {
                label: one.name.to_owned(),
                detail: format!("({signature})"),
                documentation: one.summary.to_owned(),
                replace,
                insert: one.name.to_owned(),
                snippet: Some(snippet.to_owned()),
                kind: CompletionKind::Directive,
                sort: one.name.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::on_top;

    #[track_caller]
    fn check(body: &str, expect: Expect) {
        let (snapshot, at) = on_top(body);
        let text = snapshot.text(at.file).expect("the file is there");
        let mut found = crate::completions(&snapshot, at);
        found.sort_by(|one, other| one.sort.cmp(&other.sort));
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let replaced = one.replace.slice(text.as_str()).unwrap_or("?");
                format!("{} [{replaced}] {}", one.label, one.detail).trim_end().to_owned()
            })
            .collect();
        expect.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn tables_and_columns_of_the_schema_at_that_point_are_proposed() {
        check(
            "def upgrade():\n    op.drop_table(\"us$0\")\n",
            expect![[r#"
            articles [us] 1 column
            users [us] 3 columns"#]],
        );
        check(
            "def upgrade():\n    op.drop_column(\"users\", \"$0",
            expect![[r#"
            id [] INTEGER not null
            email [] VARCHAR(80) not null
            name [] TEXT"#]],
        );
        check(
            "def upgrade():\n    op.drop_column(\"users\", \"email\")\n    op.create_index(\"i\", \"users\", [\"$0\"])\n",
            expect![[r#"
                id [] INTEGER not null
                name [] TEXT"#]],
        );
        check(
            "def upgrade():\n    with op.batch_alter_table(\"users\") as batch_op:\n        batch_op.drop_column(\"$0\")\n",
            expect![[r#"
                id [] INTEGER not null
                email [] VARCHAR(80) not null
                name [] TEXT"#]],
        );
    }

    #[test]
    fn a_downgrade_starts_from_what_the_upgrade_leaves() {
        check(
            "def upgrade():\n    op.add_column(\"users\", sa.Column(\"age\", sa.Integer()))\n\ndef downgrade():\n    op.drop_column(\"users\", \"$0\")\n",
            expect![[r#"
                id [] INTEGER not null
                email [] VARCHAR(80) not null
                name [] TEXT
                age [] INTEGER"#]],
        );
    }

    #[test]
    fn names_of_indexes_constraints_and_targets_are_proposed() {
        check(
            "def upgrade():\n    op.drop_index(op.f(\"$0\"), table_name=\"users\")\n",
            expect!["ix_users_name [] users (name)"],
        );
        check(
            "def upgrade():\n    op.drop_constraint(\"$0\", \"users\")\n",
            expect!["uq_users_email [] unique of users"],
        );
        check(
            "def upgrade():\n    op.add_column(\"articles\", sa.Column(\"u\", sa.Integer(), sa.ForeignKey(\"u$0\")))\n",
            expect![[r#"
                articles.id [u] INTEGER not null
                users.id [u] INTEGER not null
                users.email [u] VARCHAR(80) not null
                users.name [u] TEXT"#]],
        );
        check(
            "def upgrade():\n    op.create_foreign_key(None, \"articles\", \"users\", [\"id\"], [\"$0\"], ondelete=\"\")\n",
            expect![[r#"
                id [] INTEGER not null
                email [] VARCHAR(80) not null
                name [] TEXT"#]],
        );
        check(
            "def upgrade():\n    op.create_table(\"t\",\n    sa.Column(\"a\", sa.Integer()),\n    sa.Column(\"b\", sa.Integer()),\n    sa.PrimaryKeyConstraint(\"$0\")\n    )\n",
            expect![[r#"
                a []
                b []"#]],
        );
    }

    #[test]
    fn directives_and_keywords_are_proposed() {
        check(
            "def upgrade():\n    op.drop_$0\n",
            expect![[r#"
            add_column [drop_] (table_name, column, *, schema=None, if_not_exists=None, inline_references=None, inline_primary_key=None)
            alter_column [drop_] (table_name, column_name, *, nullable=None, comment=False, server_default=False, new_column_name=None, type_=None, existing_type=None, existing_server_default=False, existing_nullable=None, existing_comment=None, schema=None, autoincrement=None, existing_autoincrement=None, postgresql_using=None)
            batch_alter_table [drop_] (table_name, schema=None, recreate='auto', partial_reordering=None, copy_from=None, table_args=(), table_kwargs=None, reflect_args=(), reflect_kwargs=None, naming_convention=None)
            bulk_insert [drop_] (table, rows, *, multiinsert=True)
            create_check_constraint [drop_] (constraint_name, table_name, condition, *, schema=None, **kw)
            create_exclude_constraint [drop_] (constraint_name, table_name, *elements, **kw)
            create_foreign_key [drop_] (constraint_name, source_table, referent_table, local_cols, remote_cols, *, onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, source_schema=None, referent_schema=None, **dialect_kw)
            create_index [drop_] (index_name, table_name, columns, *, schema=None, unique=False, if_not_exists=None, postgresql_concurrently=False, postgresql_using=None, postgresql_where=None, sqlite_where=None, **kw)
            create_primary_key [drop_] (constraint_name, table_name, columns, *, schema=None)
            create_table [drop_] (table_name, *columns, if_not_exists=None, schema=None, comment=None, prefixes=None, info=None, **kw)
            create_table_comment [drop_] (table_name, comment, *, existing_comment=None, schema=None)
            create_unique_constraint [drop_] (constraint_name, table_name, columns, *, schema=None, **kw)
            drop_column [drop_] (table_name, column_name, *, schema=None, if_exists=None, **kw)
            drop_constraint [drop_] (constraint_name, table_name, type_=None, *, schema=None, if_exists=None)
            drop_index [drop_] (index_name, table_name=None, *, schema=None, if_exists=None, postgresql_concurrently=False, **kw)
            drop_table [drop_] (table_name, *, schema=None, if_exists=None, **kw)
            drop_table_comment [drop_] (table_name, *, existing_comment=None, schema=None)
            execute [drop_] (sqltext, *, execution_options=None)
            f [drop_] (name)
            get_bind [drop_] ()
            get_context [drop_] ()
            inline_literal [drop_] (value, type_=None)
            rename_table [drop_] (old_table_name, new_table_name, *, schema=None)"#]],
        );
        check(
            "def upgrade():\n    op.drop_table(\"users\", $0)\n",
            expect![[r#"
            schema= [] schema=None
            if_exists= [] if_exists=None"#]],
        );
    }

    #[test]
    fn nothing_is_proposed_for_new_names_in_comments_and_elsewhere() {
        check("def upgrade():\n    op.create_table(\"$0\")\n", expect![[""]]);
        check("def upgrade():\n    # op.drop_table(\"$0\")\n", expect![[""]]);
        check("def upgrade():\n    print(\"$0\")\n", expect![[""]]);
        check("def upgrade():\n    sa.$0\n", expect![[""]]);
    }

    #[test]
    fn every_directive_has_a_snippet_for_each_receiver_that_has_it() {
        for one in DIRECTIVES {
            assert_eq!(one.on_op.is_some(), one.snippet.starts_with(one.name), "{}", one.name);
            assert_eq!(
                one.on_batch.is_some(),
                one.batch_snippet.starts_with(one.name),
                "{}",
                one.name
            );
        }
    }
}
