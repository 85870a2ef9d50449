//! `revline schema` beside a real database.

use std::io::Write as _;
use std::process::{Command, Stdio};

use revline_tests::lsp::program;
use revline_tests::oracle;
use revline_tests::project::Project;
use serde_json::{Value, json};

fn schema(project: &Project, arguments: &[&str]) -> String {
    let done = Command::new(program())
        .arg("schema")
        .args(arguments)
        .current_dir(project.root())
        .env_remove("ALEMBIC_CONFIG")
        .output()
        .expect("it starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

/// Runs a script in a new SQLite database and tells what SQLAlchemy then finds there, in the shape
/// and order of `revline schema --json`.
const REFLECT: &str = r#"
import json, sys
import sqlalchemy as sa
engine = sa.create_engine("sqlite://")
with engine.connect() as connection:
    connection.connection.executescript(sys.stdin.read())
    found = sa.inspect(connection)
    tables = []
    for name in sorted(found.get_table_names()):
        key = found.get_pk_constraint(name)
        def named(all): return sorted(all, key=lambda one: str(one["name"]))
        tables.append({
            "name": name,
            "columns": [
                {"name": c["name"], "type": str(c["type"]), "nullable": c["nullable"], "default": c["default"]}
                for c in found.get_columns(name)
            ],
            "primary_key": {"name": key["name"], "columns": key["constrained_columns"]},
            "unique": [{"name": u["name"], "columns": u["column_names"]} for u in named(found.get_unique_constraints(name))],
            "foreign_keys": [
                {"name": k["name"], "columns": k["constrained_columns"], "referred_table": k["referred_table"],
                 "referred_columns": k["referred_columns"], "ondelete": k["options"].get("ondelete")}
                for k in named(found.get_foreign_keys(name))
            ],
            "checks": [{"name": c["name"], "condition": c["sqltext"]} for c in named(found.get_check_constraints(name))],
            "indexes": [
                {"name": i["name"], "columns": i["column_names"], "unique": bool(i["unique"])}
                for i in named(found.get_indexes(name))
            ],
        })
    print(json.dumps(tables))
"#;

fn reflected(python: &std::path::Path, script: &str) -> Value {
    let mut child = Command::new(python)
        .args(["-c", REFLECT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(script.as_bytes()).expect("Python reads");
    drop(input);
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "SQLite refused:\n{script}");
    serde_json::from_slice(&done.stdout).expect("JSON")
}

/// Only these keys of an object.
fn only(value: &Value, keys: &[&str]) -> Value {
    keys.iter().map(|key| ((*key).to_owned(), value[*key].clone())).collect()
}

fn each(value: &Value, keys: &[&str]) -> Vec<Value> {
    value.as_array().into_iter().flatten().map(|one| only(one, keys)).collect()
}

fn by_name(mut values: Vec<Value>) -> Value {
    values.sort_by_key(|value| value["name"].as_str().unwrap_or("None").to_owned());
    Value::Array(values)
}

#[test]
fn its_statements_make_in_a_real_database_what_its_objects_say() {
    let Some(python) = oracle::python() else { return };
    let shop = Project::shop();
    for revision in ["heads", "b07d", "a53e1f6bc094", "4cb8d2719ea0-2", "base"] {
        let told: Value =
            serde_json::from_str(&schema(&shop, &[revision, "--dialect", "sqlite", "--json"]))
                .expect("one object");
        assert_eq!((&told["certain"], &told["doubts"]), (&json!(true), &json!([])));
        let tables: Vec<Value> = told["tables"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|table| {
                let key = only(&table["primary_key"], &["name", "columns"]);
                let keys = ["name", "columns", "referred_table", "referred_columns", "ondelete"];
                json!({
                    "name": table["name"],
                    "columns": each(&table["columns"], &["name", "type", "nullable", "default"]),
                    "primary_key": key,
                    "unique": by_name(each(&table["unique"], &["name", "columns"])),
                    "foreign_keys": by_name(each(&table["foreign_keys"], &keys)),
                    "checks": by_name(each(&table["checks"], &["name", "condition"])),
                    "indexes": by_name(each(&table["indexes"], &["name", "columns", "unique"])),
                })
            })
            .collect();
        let script = schema(&shop, &[revision, "--dialect", "sqlite", "--sql"]);
        assert_eq!(reflected(&python, &script), Value::Array(tables), "{revision}");
    }
}

#[test]
fn a_table_that_raw_sql_may_have_changed_is_marked_with_the_reason() {
    let project = Project::of(&[("a", "None")]);
    project.write(
        "alembic/versions/b.py",
        "\"\"\"b\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = 'b'\n\
         down_revision = 'a'\n\n\ndef upgrade():\n    bind = op.get_bind()\n    \
         if bind.execute(sa.text('SELECT 1')).scalar():\n        \
         op.add_column('t_a', sa.Column('x', sa.Integer()))\n\n\ndef downgrade():\n    pass\n",
    );
    let text = schema(&project, &["b", "--dialect", "postgresql"]);
    let told: Value =
        serde_json::from_str(&schema(&project, &["b", "--dialect", "postgresql", "--json"]))
            .expect("one object");
    assert_eq!(told["certain"], json!(false));
    let table = &told["tables"][0];
    assert_eq!((&table["name"], &table["certain"]), (&json!("t_a"), &json!(false)));
    assert_eq!(table["columns"].as_array().map(Vec::len), Some(1), "{table}");
    assert!(text.contains("may be different"), "{text}");
    assert!(text.contains("b.py:10"), "the place is named: {text}");
    let script = schema(&project, &["b", "--dialect", "postgresql", "--sql"]);
    assert!(script.contains("-- t_a is uncertain: "), "{script}");
    assert!(script.contains("CREATE TABLE t_a"), "{script}");
}

#[test]
fn a_diagram_names_tables_keys_and_who_refers_to_whom() {
    let shop = Project::shop();
    let text = schema(&shop, &["3f1c8a52d7e4", "--dialect", "sqlite", "--mermaid"]);
    assert_eq!(
        text,
        "erDiagram\n    customers ||--o{ addresses : \"customer_id\"\n    addresses {\n        \
         INTEGER id PK\n        INTEGER customer_id FK\n        VARCHAR(200) street\n        \
         VARCHAR(16) postcode\n        VARCHAR(100) city\n        VARCHAR(2) country\n    }\n    \
         customers {\n        INTEGER id PK\n        VARCHAR(254) email UK\n        \
         VARCHAR(200) name\n        DATETIME created_at\n    }\n"
    );
}

fn sql(project: &Project, arguments: &[&str]) -> (Vec<String>, String, Option<i32>) {
    let done = Command::new(program())
        .args(["sql", "--dialect", "postgresql"])
        .args(arguments)
        .current_dir(project.root())
        .env_remove("ALEMBIC_CONFIG")
        .output()
        .expect("it starts");
    let text = String::from_utf8(done.stdout).expect("UTF-8");
    let steps = text.lines().filter_map(|line| line.strip_prefix("-- Running "));
    let remarks = String::from_utf8(done.stderr).expect("UTF-8");
    (steps.map(str::to_owned).collect(), remarks, done.status.code())
}

#[test]
fn a_range_of_sql_may_be_open_relative_or_a_way_back() {
    let project = Project::of(&[("a", "None"), ("b", "'a'"), ("c", "'b'")]);
    let steps = |arguments: &[&str]| sql(&project, arguments).0.join("; ");
    assert_eq!(steps(&["a:c"]), "upgrade a -> b; upgrade b -> c");
    assert_eq!(steps(&[":b"]), "upgrade  -> a; upgrade a -> b");
    assert_eq!(steps(&["b:"]), "upgrade b -> c");
    assert_eq!(steps(&["+1"]), "upgrade  -> a");
    assert_eq!(steps(&["a:+1"]), "upgrade a -> b");
    assert_eq!(steps(&["base:heads"]), "upgrade  -> a; upgrade a -> b; upgrade b -> c");
    assert_eq!(steps(&["--downgrade", "c:a"]), "downgrade c -> b; downgrade b -> a");
    assert_eq!(steps(&["--downgrade", "c:-1"]), "downgrade c -> b");
    assert_eq!(steps(&["--downgrade", "b:base"]), "downgrade b -> a; downgrade a -> ");
}

#[test]
fn strict_names_what_is_not_certain_and_fails() {
    let project = Project::of(&[("a", "None")]);
    assert_eq!(sql(&project, &["--strict"]).2, Some(0));
    project.write(
        "alembic/versions/b.py",
        "from alembic import op\nrevision = 'b'\ndown_revision = 'a'\n\n\ndef upgrade():\n    \
         op.execute(open('x').read())\n\n\ndef downgrade():\n    pass\n",
    );
    let (_, remarks, code) = sql(&project, &["--strict"]);
    assert_eq!(code, Some(1));
    assert!(remarks.contains("upgrade a -> b on postgresql: partial: "), "{remarks}");
    assert_eq!(sql(&project, &[]).2, Some(0), "without --strict it is told and no failure");
}
