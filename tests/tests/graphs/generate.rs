//! Random revision graphs and random questions about them.

use fastrand::Rng;
use revline_history::{Label, Reference, Revision};
use revline_text::FileId;
use serde_json::{Value, json};

/// A graph, and what is asked about it.
pub(crate) struct Case {
    pub(crate) revisions: Vec<Revision>,
    pub(crate) asks: Vec<Ask>,
    /// Only whether it loads is asked: with a cycle that Alembic overlooks it might never answer
    /// anything else, and with an identifier used twice it counts the lost revision as a head.
    pub(crate) load_only: bool,
}

/// One question.
pub(crate) struct Ask {
    pub(crate) kind: &'static str,
    /// One target, or several for `stamp`.
    pub(crate) targets: Vec<String>,
    /// What the version table holds.
    pub(crate) rows: Vec<String>,
}

impl Case {
    /// The graph and the questions as the judge reads them.
    pub(crate) fn to_json(&self) -> Value {
        let ids =
            |list: &[Reference]| list.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
        json!({
            "load_only": self.load_only,
            "revisions": self.revisions.iter().map(|one| json!({
                "id": one.id.as_str(),
                "down": ids(&one.down),
                "depends_on": ids(&one.depends_on),
                "labels": one.labels.iter().map(|label| label.name.clone()).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "asks": self.asks.iter().map(|ask| json!({
                "kind": ask.kind,
                "target": ask.targets.first(),
                "targets": ask.targets,
                "rows": ask.rows,
            })).collect::<Vec<_>>(),
        })
    }
}

/// The graph of a seed.
pub(crate) fn case(seed: u64) -> Case {
    let mut rng = Rng::with_seed(seed);
    let mut revisions = sound(&mut rng);
    let load_only = rng.u8(..100) < 12;
    if load_only {
        spoil(&mut rng, &mut revisions);
    }
    let asks = if load_only { Vec::new() } else { asks(&mut rng, &revisions) };
    Case { revisions, asks, load_only }
}

/// Labels that look like identifiers, some too short to be abbreviated.
const LABELS: [&str; 8] = ["shop", "shopping", "shop_2", "ae10x", "net", "ae1", "cafeteria", "27c"];

/// Identifiers that share beginnings, some of them too short to be abbreviated.
fn id(rng: &mut Rng, taken: &[Revision]) -> String {
    const BEGINNINGS: [&str; 7] = ["ae10", "ae1", "ae10b", "27c6", "b", "cafe", "00"];
    loop {
        let mut id = rng.choice(BEGINNINGS).unwrap_or_default().to_owned();
        for _ in 0..rng.usize(0..4) {
            id.push(*rng.choice(&['0', '1', 'a', 'b', '_', 'é']).unwrap_or(&'0'));
        }
        if taken.iter().all(|one| one.id != id.as_str()) && !LABELS.contains(&id.as_str()) {
            return id;
        }
    }
}

fn sound(rng: &mut Rng) -> Vec<Revision> {
    let size = match rng.u8(..10) {
        0 => rng.usize(0..3),
        1..=7 => rng.usize(3..12),
        _ => rng.usize(12..30),
    };
    let (bases, merges, dependencies) = (rng.f32() * 0.3, rng.f32() * 0.4, rng.f32() * 0.4);
    let forks = rng.f32();
    let mut labels: Vec<&str> = LABELS.to_vec();
    rng.shuffle(&mut labels);
    labels.truncate(rng.usize(0..5));

    let mut made: Vec<Revision> = Vec::new();
    for _ in 0..size {
        let mut revision = Revision::new(id(rng, &made), FileId(0));
        let earlier = |rng: &mut Rng, far: f32| {
            let place = if rng.f32() < far { rng.usize(..made.len()) } else { made.len() - 1 };
            made[place].id.to_string()
        };
        if !made.is_empty() && rng.f32() >= bases {
            let parents = if rng.f32() < merges { rng.usize(2..4) } else { 1 };
            for _ in 0..parents {
                let parent = earlier(rng, if parents > 1 { 1.0 } else { forks });
                // A parent named twice is kept as such now and then: Alembic does.
                if revision.down.iter().all(|one| one.id != parent.as_str()) || rng.u8(..30) == 0 {
                    revision.down.push(Reference::new(parent, None));
                }
            }
        }
        if !made.is_empty() && rng.f32() < dependencies {
            for _ in 0..rng.usize(1..3) {
                let declared: Vec<&str> = made
                    .iter()
                    .flat_map(|one| one.labels.iter().map(|label| label.name.as_str()))
                    .collect();
                let on = match rng.choice(&declared) {
                    Some(label) if rng.bool() => (*label).to_owned(),
                    _ => earlier(rng, 1.0),
                };
                revision.depends_on.push(Reference::new(on, None));
            }
        }
        if rng.f32() < 0.25 {
            revision.labels.extend(labels.pop().map(|label| Label::new(label, None)));
        }
        made.push(revision);
    }
    match rng.u8(..3) {
        0 => {}
        1 => made.sort_by(|one, other| one.id.cmp(&other.id)),
        _ => rng.shuffle(&mut made),
    }
    made
}

/// Makes one or two things wrong.
fn spoil(rng: &mut Rng, revisions: &mut Vec<Revision>) {
    if revisions.is_empty() {
        revisions.push(Revision::new("ae1027", FileId(0)));
    }
    for _ in 0..rng.usize(1..3) {
        let (one, other) = (rng.usize(..revisions.len()), rng.usize(..revisions.len()));
        let id = revisions[one].id.to_string();
        let other_id = revisions[other].id.to_string();
        let reference = |id: &str| Reference::new(id, None);
        match rng.u8(..10) {
            0 => revisions[one].down = vec![reference("missing")],
            1 => revisions[one].depends_on.push(reference("missing")),
            2 => revisions[one].down.push(reference(&id)),
            3 => revisions[one].depends_on.push(reference(&id)),
            4 => revisions[one].down.push(reference(&other_id)),
            5 => revisions[one].depends_on.push(reference(&other_id)),
            6 => revisions[one].id = format!("{id}@-x").as_str().into(),
            7 => {
                revisions[one].labels.push(Label::new("twice", None));
                revisions[other].labels.push(Label::new("twice", None));
            }
            8 => {
                revisions[one].labels.push(Label::new("own", None));
                revisions[other].depends_on.push(reference("own"));
                revisions[one].down.push(reference("own"));
            }
            _ => {
                let mut again = revisions[one].clone();
                again.labels.clear();
                revisions.push(again);
            }
        }
    }
}

fn asks(rng: &mut Rng, revisions: &[Revision]) -> Vec<Ask> {
    let mut asks = Vec::new();
    for _ in 0..28 {
        let kind = *rng
            .choice(&[
                "upgrade",
                "upgrade",
                "downgrade",
                "downgrade",
                "stamp",
                "history",
                "history",
                "show",
                "start",
                "current",
            ])
            .unwrap_or(&"show");
        if rng.bool() {
            asks.push(likely(rng, revisions, kind));
            continue;
        }
        let targets = match kind {
            "stamp" => (0..rng.usize(1..4)).map(|_| target(rng, revisions)).collect(),
            "history" => vec![match rng.u8(..20) {
                0 => target(rng, revisions),
                1 => format!("{}:", target(rng, revisions)),
                2 => format!(":{}", target(rng, revisions)),
                _ => format!("{}:{}", target(rng, revisions), target(rng, revisions)),
            }],
            _ => vec![target(rng, revisions)],
        };
        asks.push(Ask { kind, targets, rows: rows(rng, revisions) });
    }
    asks
}

/// A question as people ask it.
fn likely(rng: &mut Rng, revisions: &[Revision], kind: &'static str) -> Ask {
    let id = |rng: &mut Rng| rng.choice(revisions).map_or("head".into(), |one| one.id.to_string());
    let rows = rows(rng, revisions);
    let row = rng.choice(&rows).cloned();
    let branch = branch(rng, revisions);
    let target = match (kind, rng.u8(..8)) {
        ("upgrade", 0..=2) => "heads".to_owned(),
        ("upgrade", 3) => "+1".to_owned(),
        ("upgrade", 4) => format!("{branch}@head"),
        ("upgrade", 5) => format!("{branch}@+1"),
        ("downgrade", 0..=1) => "base".to_owned(),
        ("downgrade", 2..=3) => "-1".to_owned(),
        ("downgrade", 4) => format!("{branch}@base"),
        ("downgrade", 5) => format!("{branch}@-1"),
        ("downgrade", 6) => {
            let lower = revisions.iter().filter(|lower| {
                let upper = revisions.iter().find(|one| Some(one.id.as_str()) == row.as_deref());
                upper.is_some_and(|upper| stands_on(revisions, upper, lower))
            });
            let lower: Vec<_> = lower.map(|one| one.id.to_string()).collect();
            rng.choice(&lower).cloned().unwrap_or_else(|| "base".to_owned())
        }
        ("stamp", 0..=1) => "heads".to_owned(),
        ("history", 0) => "current:".to_owned(),
        ("history", 1) => ":current".to_owned(),
        ("history", 2) => ":".to_owned(),
        ("history", 3) => "-2:".to_owned(),
        ("history", 4) => format!("{branch}@base:{branch}@head"),
        ("history", _) => format!("{}:{}", id(rng), ["head", "heads", "+1"][rng.usize(..3)]),
        _ => id(rng),
    };
    Ask { kind, targets: vec![target], rows }
}

/// A target of any form, most often one that means something.
fn target(rng: &mut Rng, revisions: &[Revision]) -> String {
    const ODD: [&str; 14] = [
        "",
        "@",
        "+0",
        "-0",
        "shop@",
        "@head",
        "@+1",
        "a@b@head",
        "+1x",
        "ae10-1@",
        "nothing",
        "net@shop@+1",
        "-01",
        "+9",
    ];
    let steps = |rng: &mut Rng| {
        let count = [1, 1, 1, 2, 2, 3, 5, 9][rng.usize(..8)];
        format!("{}{count}", if rng.bool() { '+' } else { '-' })
    };
    match rng.u8(..20) {
        0..=6 => symbol(rng, revisions),
        7..=9 => format!("{}@{}", branch(rng, revisions), symbol(rng, revisions)),
        10..=12 => steps(rng),
        13..=14 => format!("{}{}", symbol(rng, revisions), steps(rng)),
        15..=16 => format!("{}@{}", branch(rng, revisions), steps(rng)),
        17 => format!("{}@{}{}", branch(rng, revisions), symbol(rng, revisions), steps(rng)),
        18 => ["head", "heads", "base"][rng.usize(..3)].to_owned(),
        _ => (*rng.choice(&ODD).unwrap_or(&"")).to_owned(),
    }
}

fn symbol(rng: &mut Rng, revisions: &[Revision]) -> String {
    match (rng.u8(..12), rng.choice(revisions)) {
        (0, _) => "head".to_owned(),
        (1, _) => "heads".to_owned(),
        (2, _) => "base".to_owned(),
        (3, _) => "current".to_owned(),
        (4..=5, Some(_)) => branch(rng, revisions),
        (6, Some(one)) => {
            let length = rng.usize(1..6);
            one.id.as_str().chars().take(length).collect()
        }
        (_, Some(one)) => one.id.to_string(),
        (_, None) => "ae10".to_owned(),
    }
}

fn branch(rng: &mut Rng, revisions: &[Revision]) -> String {
    let labels: Vec<&str> = revisions
        .iter()
        .flat_map(|one| one.labels.iter().map(|label| label.name.as_str()))
        .collect();
    match (rng.u8(..10), rng.choice(&labels), rng.choice(revisions)) {
        (0, ..) => "nobranch".to_owned(),
        (1, ..) => ["head", "heads", "base"][rng.usize(..3)].to_owned(),
        (2..=3, _, Some(one)) | (4.., None, Some(one)) => one.id.to_string(),
        (_, Some(label), _) => (*label).to_owned(),
        _ => "ae10".to_owned(),
    }
}

/// Rows that a database might hold: revisions of which none is above another; rarely any others.
fn rows(rng: &mut Rng, revisions: &[Revision]) -> Vec<String> {
    let mut chosen: Vec<&Revision> = Vec::new();
    for _ in 0..rng.usize(0..4) {
        chosen.extend(rng.choice(revisions));
    }
    let mut rows: Vec<String> = Vec::new();
    for one in &chosen {
        let row = one.id.to_string();
        let below =
            chosen.iter().any(|other| other.id != one.id && stands_on(revisions, other, one));
        if !rows.contains(&row) && (!below || rng.u8(..40) == 0) {
            rows.push(row);
        }
    }
    if rng.u8(..40) == 0 {
        rows.push(["gone", "ae1", "base"][rng.usize(..3)].to_owned());
    }
    rows
}

fn stands_on(revisions: &[Revision], upper: &Revision, lower: &Revision) -> bool {
    let mut todo = vec![upper];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(one) = todo.pop() {
        if one.id == lower.id {
            return true;
        }
        if seen.contains(&one.id.as_str()) {
            continue;
        }
        seen.push(one.id.as_str());
        for name in one.down.iter().chain(&one.depends_on) {
            todo.extend(revisions.iter().filter(|other| {
                other.id == name.id
                    || other.labels.iter().any(|label| name.id == label.name.as_str())
            }));
        }
    }
    false
}
