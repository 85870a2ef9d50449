use std::fmt::Write as _;

use expect_test::{Expect, expect};
use revline_schema::{
    Execute, Op, Opaque, Options, Schema, Segment, Segments, SourceText, Statement, TextClause,
    Through, Touched, apply,
};
use revline_text::{FileId, Range, Span};

use super::{effects, step_effects};

fn executed(text: impl Into<SourceText>, through: Through) -> Op {
    let clause = TextClause { text: text.into(), ..TextClause::default() };
    Op::Execute(Execute {
        statement: Statement::Text(clause),
        through,
        options: Options::default(),
    })
}

/// What a text does to the schema that another text has left, an operation a line.
fn check(dialect: &str, before: &str, text: &str, expected: Expect) {
    let dialect = crate::dialect(dialect).unwrap();
    let mut schema = Schema::empty(None);
    for op in effects(&executed(before, Through::Operation), &schema, dialect) {
        schema = apply(&schema, &op).0;
    }
    let mut shown = String::new();
    for op in effects(&executed(text, Through::Operation), &schema, dialect) {
        let _ = writeln!(shown, "{}", brief(&op));
    }
    expected.assert_eq(&shown);
}

/// An operation without the fields that say nothing.
fn brief(op: &Op) -> String {
    let doubt = |part: &str, why: &Opaque| format!("{part} is in doubt: {}", why.why);
    match op {
        Op::Touch(touch) => match &touch.part {
            Touched::Table(table) | Touched::Definition(table) => {
                doubt(&table.to_string(), &touch.why)
            }
            Touched::Schema(schema) => doubt(&format!("schema {schema:?}"), &touch.why),
            Touched::Referring(table) => doubt(&format!("what refers to {table}"), &touch.why),
        },
        Op::Opaque(why) => doubt("everything", why),
        op => {
            let mut text = format!("{op:?}");
            for empty in [
                "existing_autoincrement: None",
                "existing_comment: None",
                "existing_nullable: None",
                "existing_server_default: Absent",
                "existing_type: None",
                "if_exists: false",
                "if_not_exists: false",
                "insert_after: None",
                "insert_before: None",
                "new_name: None",
                "server_default: Absent",
                "server_default: None",
                "autoincrement: Auto",
                "autoincrement: None",
                "binds: {}",
                "checks: []",
                "collation: None",
                "comment: Absent",
                "comment: None",
                "default: None",
                "deferral: Deferral { deferrable: None, initially: None }",
                "foreign_keys: []",
                "has_onupdate: false",
                "index: false",
                "inline_primary_key: false",
                "inline_references: false",
                "key: None",
                "kind: None",
                "match_: None",
                "nullable: None",
                "on_delete: None",
                "on_update: None",
                "options: Options({})",
                "origin: -",
                "prefixes: []",
                "primary_key: false",
                "schema: None",
                "sequence: None",
                "system: false",
                "type_: None",
                "unique: false",
                "use_alter: false",
                "variants: {}",
            ] {
                text = text.replace(&format!(", {empty}"), "").replace(&format!("{empty}, "), "");
            }
            text
        }
    }
}

#[test]
fn tables_are_made_with_what_stands_in_them() {
    check(
        "postgresql",
        "",
        "CREATE TABLE IF NOT EXISTS Users (Id serial PRIMARY KEY, \"Mail\" varchar(20) NOT NULL UNIQUE);",
        expect![[r#"
            CreateTable(CreateTable { table: TableName { name: "users"! }, items: [Column(Column { name: "id"!, type_: SqlType { kind: Standard(Integer) }, nullable: Some(false), primary_key: true, autoincrement: True }), Column(Column { name: "Mail"!, type_: SqlType { kind: Standard(Varchar(Characters { length: Some(20) })) }, nullable: Some(false) }), Constraint(PrimaryKey(KeyConstraint { name: Some("users_pkey"!), columns: ["id"!] })), Constraint(Unique(KeyConstraint { name: Some("users_Mail_key"!), columns: ["Mail"!] }))], if_not_exists: true })
        "#]],
    );
    check(
        "sqlite",
        "",
        "CREATE TABLE [Users] (Id INTEGER PRIMARY KEY, age INT CHECK (age > 0) DEFAULT 3)",
        expect![[r#"
            CreateTable(CreateTable { table: TableName { name: "Users"! }, items: [Column(Column { name: "Id"!, type_: SqlType { kind: Standard(Integer) }, nullable: Some(true), primary_key: true }), Column(Column { name: "age"!, type_: SqlType { kind: Standard(Integer) }, nullable: Some(true), server_default: Some(Expr(Text(TextClause { text: "3" }))) }), Constraint(PrimaryKey(KeyConstraint { name: Some(""!), columns: ["Id"!] })), Constraint(Check(CheckConstraint { name: Some(""!), condition: Text(TextClause { text: "age > 0" }) }))] })
        "#]],
    );
}

#[test]
fn tables_are_altered_action_by_action() {
    check(
        "postgresql",
        "CREATE TABLE t (a int, b text)",
        "ALTER TABLE ONLY public.t ADD COLUMN c int REFERENCES u (id) ON DELETE CASCADE, \
         DROP COLUMN b, ALTER a SET NOT NULL, FROBNICATE",
        expect![[r#"
            AddColumn(AddColumn { table: TableName { name: "t"! }, column: Column { name: "c"!, type_: SqlType { kind: Standard(Integer) }, nullable: Some(true) } })
            AddConstraint(AddConstraint { table: TableName { name: "t"! }, constraint: ForeignKey(ForeignKeyConstraint { name: Some("t_c_fkey"!), columns: ["c"!], referent: TableName { name: "u"! }, referent_columns: ["id"!], rules: ReferenceRules { on_delete: Some("CASCADE") } }) })
            DropColumn(DropColumn { table: TableName { name: "t"! }, column: "b"! })
            AlterColumn(AlterColumn { table: TableName { name: "t"! }, column: "a"!, nullable: Some(false) })
            t is in doubt: what FROBNICATE does to this table is not known
        "#]],
    );
    check(
        "sqlite",
        "CREATE TABLE Things (Id INTEGER PRIMARY KEY, Name TEXT)",
        "ALTER TABLE things RENAME COLUMN NAME TO title; DROP TABLE THINGS",
        expect![[r#"
            AlterColumn(AlterColumn { table: TableName { name: "Things"! }, column: "Name"!, new_name: Some("title"!) })
            DropTable(DropTable { table: TableName { name: "Things"! } })
        "#]],
    );
}

#[test]
fn rows_settings_and_rights_leave_the_schema_alone() {
    check(
        "postgresql",
        "",
        "INSERT INTO t VALUES ('DROP TABLE t;'); UPDATE t SET a = f(b); SET lock_timeout = 3; \
         SELECT setval('s', 3), count(*) FROM t; GRANT ALL ON t TO x; CREATE EXTENSION hstore; \
         CREATE FUNCTION f() RETURNS int AS $x$ DROP TABLE t; $x$ LANGUAGE sql",
        expect![""],
    );
}

#[test]
fn what_is_not_understood_is_said_as_narrowly_as_it_is_named() {
    check(
        "postgresql",
        "CREATE TABLE t (a int)",
        "SELECT rebuild_everything(); DO $$ BEGIN IF x() THEN ALTER TABLE t ADD b int; END IF; END $$; \
         DO $$ BEGIN EXECUTE 'DROP TABLE ' || 't'; END $$; CREATE TABLE u AS SELECT 1; \
         CREATE VIEW v AS SELECT 1; UPDATE pg_attribute SET attname = 'x'; WIBBLE t; \
         ALTER TABLE t ADD COLUMN c int DEFAULT :value",
        expect![[r#"
            everything is in doubt: what the function rebuild_everything does is not known
            everything is in doubt: what the function x does is not known
            t is in doubt: whether a block changes this table is for the database to say
            everything is in doubt: what SQL this block puts together is not known
            CreateTable(CreateTable { table: TableName { name: "u"! }, items: [Opaque(Opaque { why: "the columns of this table are those of a query" })] })
            v is in doubt: there is a view of this name
            everything is in doubt: rows of the database's own catalog pg_attribute are changed
            everything is in doubt: what the statement WIBBLE does is not known
            t is in doubt: a value that is not known stands in this statement
        "#]],
    );
}

#[test]
fn enumerations_change_with_the_columns_that_have_them() {
    check(
        "postgresql",
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (m mood)",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' BEFORE 'ok'",
        expect![[r#"
            DropType(TypeOp { type_: SqlType { kind: Enum(EnumType { values: ["sad", "ok"], members: [], validate_strings: false, name: Some("mood"!), inherit_schema: false, native_enum: true, create_constraint: false, create_type: true, has_metadata: false, length: None, flavour: Postgresql }) }, checkfirst: Some(false) })
            CreateType(TypeOp { type_: SqlType { kind: Enum(EnumType { values: ["sad", "glad", "ok"], members: [], validate_strings: false, name: Some("mood"!), inherit_schema: false, native_enum: true, create_constraint: false, create_type: true, has_metadata: false, length: None, flavour: Postgresql }) }, checkfirst: Some(false) })
            AlterColumn(AlterColumn { table: TableName { name: "t"! }, column: "m"!, type_: Some(SqlType { kind: Enum(EnumType { values: ["sad", "glad", "ok"], members: [], validate_strings: false, name: Some("mood"!), inherit_schema: false, native_enum: true, create_constraint: false, create_type: false, has_metadata: false, length: None, flavour: Postgresql }) }) })
        "#]],
    );
}

#[test]
fn indexes_and_constraints_are_found_by_their_names() {
    check(
        "postgresql",
        "CREATE TABLE t (a int CONSTRAINT k UNIQUE, b int); CREATE INDEX i ON t (b)",
        "ALTER INDEX i RENAME TO j; ALTER INDEX k RENAME TO l; DROP INDEX j; CREATE INDEX ON t (a, b)",
        expect![[r#"
            DropIndex(DropIndex { name: Some("i"!), table: Some("t"!) })
            CreateIndex(CreateIndex { table: TableName { name: "t"! }, index: Index { name: Some("j"!), elements: [Column("b"!)] } })
            DropConstraint(DropConstraint { table: TableName { name: "t"! }, name: Some("k"!) })
            AddConstraint(AddConstraint { table: TableName { name: "t"! }, constraint: Unique(KeyConstraint { name: Some("l"!), columns: ["a"!] }) })
            DropIndex(DropIndex { name: Some("j"!), table: Some("t"!) })
            CreateIndex(CreateIndex { table: TableName { name: "t"! }, index: Index { name: Some("t_a_b_idx"!), elements: [Column("a"!), Column("b"!)] } })
        "#]],
    );
}

#[test]
fn comments_become_comments() {
    check(
        "postgresql",
        "CREATE TABLE t (a int)",
        "COMMENT ON TABLE t IS 'it''s'; COMMENT ON COLUMN t.a IS $$a$$; COMMENT ON INDEX i IS 'x'",
        expect![[r#"
            TableComment(TableComment { table: TableName { name: "t"! }, comment: Some("it's"), is_drop: false })
            AlterColumn(AlterColumn { table: TableName { name: "t"! }, column: "a"!, comment: Some("a") })
        "#]],
    );
}

#[test]
fn names_stand_where_they_stand_in_the_string() {
    let file = FileId(0);
    let text = SourceText {
        text: r"DROP TABLE /* \:x */ users".into(),
        origin: Span::new(file, Range::new(0, 90)).into(),
        segments: Segments(std::sync::Arc::from([
            Segment { range: Range::new(0, 11), span: Span::new(file, Range::new(20, 31)) },
            Segment { range: Range::new(11, 26), span: Span::new(file, Range::new(40, 55)) },
        ])),
    };
    let dialect = crate::dialect("postgresql").unwrap();
    let ops = effects(&executed(text, Through::Operation), &Schema::default(), dialect);
    let [Op::DropTable(drop)] = ops.as_slice() else { panic!("{ops:?}") };
    assert_eq!(drop.table.name.span(), Some(Span::new(file, Range::new(50, 55))));
}

#[test]
fn steps_keep_what_stands_around_their_text() {
    use revline_schema::{Guard, Origin, Outcome, Step};
    let guard =
        Guard { fact: "a condition".into(), outcome: Outcome::Unknown, origin: Origin(None) };
    let text = executed("CREATE TABLE t (a int); DROP TABLE u", Through::Driver);
    let step = Step { guards: vec![guard], ..Step::new(text) };
    let found = step_effects(
        std::slice::from_ref(&step),
        &Schema::default(),
        crate::dialect("sqlite").unwrap(),
    );
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|found| found.guards == step.guards));
}

#[test]
fn long_and_deep_texts_are_bounded() {
    let dialect = crate::dialect("postgresql").unwrap();
    for text in [
        "(".repeat(200_000),
        format!("CREATE TABLE t (a int CHECK ({}))", "(".repeat(100_000)),
        format!("SELECT {}", "f(".repeat(50_000)),
        "DROP TABLE a;".repeat(20_000),
        format!("CREATE TABLE t ({})", "a int UNIQUE,".repeat(50_000)),
        format!("SELECT 1{}", " + 1".repeat(100_000)),
        format!("CREATE TABLE t (a int{})", "[]".repeat(100_000)),
        "$".repeat(100_000),
        format!("DO $a${}$a$", "BEGIN ".repeat(50_000)),
        "'".repeat(100_001),
        "/*".repeat(100_000),
    ] {
        let _ = effects(&executed(text.as_str(), Through::Driver), &Schema::default(), dialect);
    }
}
