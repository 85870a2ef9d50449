//! One graph as Revline answers it, beside Alembic's answer.

use std::collections::BTreeSet;
use std::fmt;

use revline_history::{
    AMBIGUOUS_DOWNGRADE, Defect, History, HistoryError, Node, Plan, RevisionId, VersionChange,
    VersionTable, Walk,
};
use serde_json::{Value, json};

use crate::generate::{Ask, Case};

/// How much was compared.
#[derive(Default)]
pub(crate) struct Tally {
    loaded: usize,
    refused: usize,
    overlooked_cycles: usize,
    answers: usize,
    steps: usize,
    version_changes: usize,
    errors: usize,
    tracebacks: usize,
    ambiguous: usize,
    sentences: BTreeSet<String>,
    endless: usize,
}

impl Tally {
    /// Whether every kind of answer came up, so that equality means something.
    pub(crate) fn is_varied(&self) -> bool {
        let counts = [
            self.loaded,
            self.refused,
            self.answers,
            self.steps,
            self.version_changes,
            self.errors,
            self.tracebacks,
            self.ambiguous,
        ];
        counts.iter().all(|count| *count > 0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} load, {} are refused ({} with a cycle that Alembic overlooks); {} answers, {} steps, \
             {} changes of the version table, {} warnings; {} errors of {} kinds, {} tracebacks, {} of them \
             endless",
            self.loaded,
            self.refused,
            self.overlooked_cycles,
            self.answers,
            self.steps,
            self.version_changes,
            self.ambiguous,
            self.errors,
            self.sentences.len(),
            self.tracebacks,
            self.endless,
        )
    }
}

/// What differs, in words.
pub(crate) fn compare(case: &Case, judged: &Value, tally: &mut Tally) -> Vec<String> {
    let history = History::build(case.revisions.clone());
    let mut different = Vec::new();
    let shape = &judged["shape"];
    let expected_duplicates = warnings(shape, "is present more than once");
    let duplicates = history
        .defects()
        .iter()
        .filter_map(|defect| match defect {
            Defect::DuplicateId { id, revisions } => Some((id, revisions.len() - 1)),
            _ => None,
        })
        .flat_map(|(id, times)| vec![format!("Revision {id} is present more than once"); times])
        .collect::<Vec<_>>();
    // Alembic does not come to the second of two identifiers when a file before it is refused.
    if shape.get("answer").is_some() && sorted(duplicates.clone()) != sorted(expected_duplicates) {
        different.push(format!("duplicates: {duplicates:?}, Alembic warns {}", shape["warnings"]));
    }
    match (history.check(), shape.get("answer")) {
        (Ok(()), Some(expected)) => {
            tally.loaded += 1;
            if !case.load_only {
                let ours = shape_of(&history);
                if ours != *expected {
                    different.push(format!("shape:\n  ours    {ours}\n  Alembic {expected}"));
                }
            }
        }
        (Err(HistoryError::Cycle { .. }), Some(_)) => {
            tally.refused += 1;
            tally.overlooked_cycles += 1;
        }
        (Err(error), None) if same_failure(&error, shape) => tally.refused += 1,
        // A parent that is a label. Alembic half takes it, and ends in a `KeyError`, a cycle that
        // there is not, or a broken map; what is not there is worth naming.
        (Err(HistoryError::MissingReference { reference, .. }), None)
            if history.find_label(reference.as_str()).is_some() =>
        {
            tally.refused += 1;
        }
        (ours, _) => different.push(format!("loading: ours {ours:?}, Alembic {shape}")),
    }
    if !different.is_empty() {
        return different;
    }
    let judged = judged["answers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let expected = if history.check().is_ok() { case.asks.len() } else { 0 };
    assert_eq!(judged.len(), expected, "an answer for every question");
    tally.endless += usize::from(shape["traceback"] == "Endless");
    for (ask, expected) in case.asks.iter().zip(judged) {
        let ours = ours(&history, ask);
        tally.endless += usize::from(expected["traceback"] == "Endless");
        let shown = || format!("{} {:?} with {:?}", ask.kind, ask.targets, ask.rows);
        match (&ours, expected.get("answer")) {
            (Ok((answer, ambiguous)), Some(expected_answer)) => {
                tally.answers += 1;
                tally.ambiguous += usize::from(*ambiguous);
                for step in answer.as_array().into_iter().flatten() {
                    tally.steps += usize::from(step.get("log").is_some());
                    tally.version_changes += step["changes"].as_array().map_or(0, Vec::len);
                }
                // A range of `history` that starts too far down warns of a downgrade, which it is not.
                let warned =
                    ask.kind != "history" && !warnings(expected, AMBIGUOUS_DOWNGRADE).is_empty();
                if any_order(answer) != any_order(expected_answer) || warned != *ambiguous {
                    different.push(format!(
                        "{}:\n  ours    {answer}\n  Alembic {expected_answer}",
                        shown()
                    ));
                }
            }
            (Err(error), None) if same_failure(error, expected) => {
                if error.is_alembics() {
                    tally.errors += 1;
                    let text = format!("{error:?}");
                    tally.sentences.insert(text.split([' ', '{']).next().unwrap_or("").to_owned());
                } else {
                    tally.tracebacks += 1;
                }
            }
            _ => different.push(format!("{}:\n  ours    {ours:?}\n  Alembic {expected}", shown())),
        }
    }
    different
}

/// Alembic's sentence, or a sentence of our own where Alembic ends in a traceback.
fn same_failure(error: &HistoryError, judged: &Value) -> bool {
    match judged["error"].as_str() {
        Some(sentence) => {
            error.is_alembics() && any_order_in(&error.to_string()) == any_order_in(sentence)
        }
        None => judged.get("traceback").is_some() && !error.is_alembics(),
    }
}

/// A sentence without what Alembic takes from a set of revisions, which differs from run to run: in
/// which order it lists those that overlap, and which bearers of a label it meets first.
fn any_order_in(sentence: &str) -> Vec<&str> {
    if let Some((start, others)) = sentence.split_once("overlaps with other requested revisions ") {
        let mut others: Vec<&str> = others.split(", ").collect();
        others.sort_unstable();
        others.insert(0, start);
        return others;
    }
    vec![sentence.split_once("' in revision ").map_or(sentence, |(label, _)| label)]
}

/// An answer with everything in one order that Alembic takes from a set of strings, whose order
/// PYTHONHASHSEED decides: which parent of a merge has its row updated, and in which order the
/// others go or come.
fn any_order(answer: &Value) -> Value {
    let Some(list) = answer.as_array() else {
        return answer.clone();
    };
    list.iter()
        .map(|step| match step["changes"].as_array() {
            None => step.clone(),
            Some(changes) => {
                let of = |kinds: [&str; 2], place: usize| {
                    let ids = changes
                        .iter()
                        .filter(|change| kinds.contains(&change[0].as_str().unwrap_or_default()))
                        .map(|change| {
                            change[if change[0] == "update" { place } else { 1 }].to_string()
                        });
                    sorted(ids.collect())
                };
                let kinds = sorted(changes.iter().map(|change| change[0].to_string()).collect());
                json!({
                    "log": step["log"],
                    "kinds": kinds,
                    "gone": of(["delete", "update"], 1),
                    "come": of(["insert", "update"], 2),
                })
            }
        })
        .collect()
}

fn ours(history: &History, ask: &Ask) -> Result<(Value, bool), HistoryError> {
    let rows: Vec<RevisionId> = ask.rows.iter().map(|row| RevisionId::from(row.as_str())).collect();
    let target = ask.targets.first().map(String::as_str).unwrap_or_default();
    let targets: Vec<&str> = ask.targets.iter().map(String::as_str).collect();
    let listed = |nodes: Vec<Node>| (json!(ids(history, &nodes)), false);
    match ask.kind {
        "upgrade" => history.upgrade(target, &rows).map(|plan| run(history, &plan, rows)),
        "downgrade" => history.downgrade(target, &rows).map(|plan| run(history, &plan, rows)),
        "stamp" => history.stamp(&targets, &rows).map(|plan| run(history, &plan, rows)),
        "history" => history.walk_range(&Walk::parse(target)?.with_current(&rows)).map(listed),
        "show" => history.resolve(target).map(listed),
        "start" => {
            let start = history.starting_at(Some(target))?;
            Ok((json!(start.iter().map(RevisionId::as_str).collect::<Vec<_>>()), false))
        }
        "current" => {
            let current = history.all_current(&rows)?;
            let ids = ids(history, &current).into_iter().map(str::to_owned).collect();
            Ok((json!(sorted(ids)), false))
        }
        other => panic!("no such question: {other}"),
    }
}

/// A plan in the judge's words, with what it does to the version table until that fails.
fn run(history: &History, plan: &Plan, rows: Vec<RevisionId>) -> (Value, bool) {
    let mut table = VersionTable::new(rows);
    let mut fits = true;
    let steps = plan.steps.iter().map(|step| {
        let changes = if fits { table.apply(history, step).ok() } else { None };
        fits = changes.is_some();
        let changes = changes.map(|changes| {
            changes
                .iter()
                .map(|change| match change {
                    VersionChange::Delete(id) => json!(["delete", id.as_str()]),
                    VersionChange::Insert(id) => json!(["insert", id.as_str()]),
                    VersionChange::Update { from, to } => {
                        json!(["update", from.as_str(), to.as_str()])
                    }
                })
                .collect::<Value>()
        });
        json!({ "log": history.short_log(step), "changes": changes })
    });
    (steps.collect(), plan.ambiguous)
}

fn shape_of(history: &History) -> Value {
    let list = |nodes: &[Node]| json!(ids(history, nodes));
    let revisions = history.nodes().iter().map(|node| {
        json!({
            "id": history[*node].id.as_str(),
            "labels": sorted(history.labels(*node).map(str::to_owned).collect()),
            "children": sorted(
                ids(history, history.children(*node)).into_iter().map(str::to_owned).collect()
            ),
            "requirements": list(history.requirements(*node)),
            "is_head": history.is_head(*node),
            "is_real_head": history.is_real_head(*node),
            "is_branch_point": history.is_branch_point(*node),
            "is_real_branch_point": history.is_real_branch_point(*node),
            "is_merge_point": history.is_merge_point(*node),
        })
    });
    json!({
        "heads": list(history.heads()),
        "real_heads": list(history.real_heads()),
        "bases": list(history.bases()),
        "real_bases": list(history.real_bases()),
        "revisions": revisions.collect::<Value>(),
        "history": list(&history.walk_range(&Walk::ALL).unwrap_or_default()),
    })
}

/// The graph as text, for who looks into a difference.
pub(crate) fn drawn(case: &Case) -> String {
    let mut text = String::new();
    for one in &case.revisions {
        let ids = |list: &[revline_history::Reference]| {
            list.iter().map(|one| one.id.to_string()).collect::<Vec<_>>().join(" ")
        };
        let labels: Vec<&str> = one.labels.iter().map(|label| label.name.as_str()).collect();
        text += &format!(
            "    {} <- {} | needs {} | labels {}\n",
            one.id,
            ids(&one.down),
            ids(&one.depends_on),
            labels.join(" ")
        );
    }
    text
}

fn warnings(judged: &Value, with: &str) -> Vec<String> {
    let all = judged["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let texts = all.iter().filter_map(Value::as_str).filter(|text| text.contains(with));
    texts.map(str::to_owned).collect()
}

fn ids<'a>(history: &'a History, nodes: &[Node]) -> Vec<&'a str> {
    nodes.iter().map(|node| history[*node].id.as_str()).collect()
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort_unstable();
    list
}
