//! A script's text as statements, and what may differ in their order.

/// The statements of a script, without their terminators; comment lines stay.
pub fn split(script: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = script.split("\n\n").map(str::trim_end).collect();
    if parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    parts
}

/// Whether a statement is about Alembic's own table.
pub fn is_about_version_table(statement: &str) -> bool {
    statement.contains("alembic_version")
}

/// What a revision's own function executes: the script without framing, version table and transactions.
pub fn body(script: &str) -> Vec<String> {
    let mut body = Vec::new();
    for part in script.split(";\n\n") {
        // How many of them stand at its end is no part of a statement.
        let mut part = part.trim().trim_end_matches([';', ' ', '\n', '\t']);
        while part.starts_with("-- Running ") {
            part = part.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
        }
        if !part.is_empty() && !matches!(part, "BEGIN" | "COMMIT") && !is_about_version_table(part)
        {
            body.push(part.to_owned());
        }
    }
    body
}

/// The same statements with indexes that are made one after another in the order of their text, and
/// the constraints of a copied table likewise: they leave SQLAlchemy in the order of a set.
pub fn ordered(mut statements: Vec<String>) -> Vec<String> {
    let makes_index =
        |text: &String| text.starts_with("CREATE INDEX") || text.starts_with("CREATE UNIQUE INDEX");
    for copy in statements.iter_mut().filter(|text| text.starts_with("CREATE TABLE _alembic_tmp_"))
    {
        *copy = with_ordered_constraints(copy);
    }
    for run in statements.chunk_by_mut(|one, other| makes_index(one) == makes_index(other)) {
        if run.first().is_some_and(makes_index) {
            run.sort_unstable();
        }
    }
    statements
}

/// The statement with its constraints in the order of their text and without the commas between them:
/// those of a reflected table leave SQLAlchemy in the order of a set.
fn with_ordered_constraints(statement: &str) -> String {
    let words = ["CONSTRAINT ", "FOREIGN KEY", "UNIQUE ", "CHECK "];
    let is_constraint = |line: &&str| words.iter().any(|word| line.trim_start().starts_with(word));
    let lines = || statement.lines().map(|line| line.trim_end_matches([',', ' ']));
    let mut constraints: Vec<&str> = lines().filter(is_constraint).collect();
    constraints.sort_unstable();
    let others = lines().filter(|line| !is_constraint(line));
    others.chain(constraints).collect::<Vec<_>>().join("\n")
}

/// How two scripts compare.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// Byte for byte.
    Equal,
    /// The same statements, where only those changed places that Alembic itself orders by chance: inline
    /// indexes, which leave SQLAlchemy in the order of a set, and the rows of a merge's parents.
    Reordered,
    /// The first difference.
    Different {
        /// Alembic's line.
        theirs: String,
        /// Revline's line.
        ours: String,
    },
}

impl Comparison {
    /// Whether it is a difference that counts.
    pub fn is_different(&self) -> bool {
        matches!(self, Self::Different { .. })
    }
}

/// Compares Alembic's script with Revline's.
pub fn compare(theirs: &str, ours: &str) -> Comparison {
    if theirs == ours {
        return Comparison::Equal;
    }
    let (left, right) = (split(theirs), split(ours));
    let mut moved: (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let free = |part: &str| part.contains("CREATE INDEX") || part.contains("CREATE UNIQUE INDEX");
    let copies = |part: &str| part.contains("CREATE TABLE _alembic_tmp_");
    let mut may_move = left.len() == right.len();
    for (one, other) in left.iter().zip(&right).filter(|(one, other)| one != other) {
        if is_about_version_table(one) && is_about_version_table(other) {
            moved.0.extend(words(one));
            moved.1.extend(words(other));
        } else if copies(one) && with_ordered_constraints(one) == with_ordered_constraints(other) {
            // The constraints of a copied table leave SQLAlchemy in the order of a set.
        } else if free(one) && free(other) {
            moved.0.push(one);
            moved.1.push(other);
        } else {
            may_move = false;
        }
    }
    moved.0.sort_unstable();
    moved.1.sort_unstable();
    if may_move && moved.0 == moved.1 {
        return Comparison::Reordered;
    }
    first_difference(theirs.lines(), ours.lines())
}

/// The identifiers in a statement about the version table: which parent is deleted and which is updated,
/// or inserted and updated, is chance; that all are named is not.
fn words(statement: &str) -> Vec<&str> {
    statement.split('\'').skip(1).step_by(2).collect()
}

/// The first place where two lists differ.
pub fn first_difference<'a>(
    mut theirs: impl Iterator<Item = &'a str>,
    mut ours: impl Iterator<Item = &'a str>,
) -> Comparison {
    loop {
        match (theirs.next(), ours.next()) {
            (None, None) => return Comparison::Equal,
            (one, other) if one == other => {}
            (one, other) => {
                return Comparison::Different {
                    theirs: one.unwrap_or("<nothing>").to_owned(),
                    ours: other.unwrap_or("<nothing>").to_owned(),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_alembic_orders_by_chance_may_change_places() {
        let indexes = "CREATE INDEX a ON t (a);\n\nCREATE INDEX b ON t (b);\n\n";
        let turned = "CREATE INDEX b ON t (b);\n\nCREATE INDEX a ON t (a);\n\n";
        assert_eq!(compare(indexes, indexes), Comparison::Equal);
        assert_eq!(compare(indexes, turned), Comparison::Reordered);
        let (drops, other) =
            ("DROP TABLE a;\n\nDROP TABLE b;\n\n", "DROP TABLE b;\n\nDROP TABLE a;\n\n");
        assert!(matches!(compare(drops, other), Comparison::Different { .. }));
        assert!(matches!(
            compare(indexes, "CREATE INDEX a ON t (a);\n\n"),
            Comparison::Different { .. }
        ));
    }

    #[test]
    fn a_merges_parents_may_change_places_but_not_be_lost() {
        let merge = "DELETE FROM alembic_version WHERE v = 'a';\n\nUPDATE alembic_version SET v='m' WHERE v = 'b';\n\n";
        let turned = "DELETE FROM alembic_version WHERE v = 'b';\n\nUPDATE alembic_version SET v='m' WHERE v = 'a';\n\n";
        let lost = "DELETE FROM alembic_version WHERE v = 'a';\n\nUPDATE alembic_version SET v='m' WHERE v = 'a';\n\n";
        assert_eq!(compare(merge, turned), Comparison::Reordered);
        assert!(compare(merge, lost).is_different());
    }

    #[test]
    fn a_statement_may_end_with_semicolons_of_its_own() {
        assert_eq!(
            body("DELETE FROM t;\n\n    ;\n\nDROP TABLE t;;\n\n"),
            ["DELETE FROM t", "DROP TABLE t"]
        );
    }

    #[test]
    fn a_body_is_without_framing() {
        let script = "BEGIN;\n\n-- Running upgrade a -> b\n\nDROP TABLE t;\n\nUPDATE alembic_version SET version_num='b';\n\nCOMMIT;\n\n";
        assert_eq!(body(script), ["DROP TABLE t"]);
    }
}
