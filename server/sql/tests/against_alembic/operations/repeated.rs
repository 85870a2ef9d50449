//! Columns that stand twice in an index or a constraint of a table that exists.

use revline_schema::*;

use super::short::*;

pub(crate) fn cases() -> Vec<(&'static str, Vec<Op>)> {
    let twice = || vec!["a".into(), "b".into(), "a".into()];
    let clauses = vec![IndexElement::Expr(text("a")), "a".into()];
    vec![
        ("repeated_in_index", vec![index("t", "i", twice(), none())]),
        ("repeated_as_text", vec![index("t", "i", clauses, none())]),
        ("repeated_in_unique", vec![on_t(Constraint::Unique(key(Some("u"), &["a", "a"])))]),
        ("repeated_in_key", vec![on_t(Constraint::PrimaryKey(key(Some("p"), &["a", "a"])))]),
        ("repeated_here", vec![on_t(points("o", &["a", "a"], &["b", "c"]))]),
        ("repeated_there", vec![on_t(points("o", &["a", "b"], &["c", "c"]))]),
        ("repeated_in_itself", vec![on_t(points("t", &["a", "b"], &["c", "c"]))]),
    ]
}

fn on_t(given: Constraint) -> Op {
    constraint("t".into(), given)
}

fn points(referent: &str, here: &[&str], there: &[&str]) -> Constraint {
    Constraint::ForeignKey(ForeignKeyConstraint {
        name: Some("f".into()),
        columns: names(here),
        referent: referent.into(),
        referent_columns: names(there),
        ..ForeignKeyConstraint::default()
    })
}
