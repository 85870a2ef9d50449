use std::fmt::Write as _;

use expect_test::{Expect, expect};
use revline_analysis::Snapshot;

use super::*;
use crate::testing::of;

/// A project from lines `id <- parents needs dependencies labels names`.
fn history(lines: &str) -> Snapshot {
    let mut fixture = String::from("//- notes.txt\n$0\n");
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    for (place, line) in lines.enumerate() {
        let mut words = line.split_whitespace();
        let id = words.next().unwrap();
        let mut lists = [Vec::new(), Vec::new(), Vec::new()];
        let mut list = 0;
        for word in words {
            match word {
                "<-" => list = 0,
                "needs" => list = 1,
                "labels" => list = 2,
                word => lists[list].push(word),
            }
        }
        let [down, needs, labels] = lists.map(|list| format!("{list:?}"));
        writeln!(
            fixture,
            "//- versions/{place:04}.py\n\"\"\"about {id}\"\"\"\nrevision = \"{id}\"\n\
             down_revision = {}\ndepends_on = {needs}\nbranch_labels = {labels}\n",
            if down == "[]" { "None".to_owned() } else { down },
        )
        .unwrap();
    }
    of(&fixture).0
}

fn view(lines: &str) -> GraphView {
    let snapshot = history(lines);
    GraphView::of(&snapshot.projects()[0], &GraphMarks::default())
}

#[track_caller]
fn check(lines: &str, expect: Expect) {
    let view = view(lines);
    let lines = view.lines();
    let widest = lines.iter().map(|line| line.lanes.chars().count()).max().unwrap_or_default();
    let drawn = lines.iter().map(|line| {
        let text = format!("{:widest$}  {}", line.lanes, line.label);
        format!("{}\n", text.trim_end())
    });
    let mut text: String = drawn.collect();
    for (first, last) in &view.runs {
        let id = |row: &u32| view.rows[*row as usize].id.to_string();
        writeln!(text, "run {}..{}", id(first), id(last)).unwrap();
    }
    expect.assert_eq(&text);
}

#[test]
fn a_chain_is_one_lane() {
    check(
        "a\nb <- a\nc <- b",
        expect![[r#"
        ◉  c  about c  (head)
        ●  b  about b
        ●  a  about a  (base)
    "#]],
    );
}

#[test]
fn a_fork_that_is_merged_is_a_ring() {
    check(
        "a\nb <- a\nc <- a\nd <- b c",
        expect![[r#"
        ◉    d  about d  (head, merge)
        ├─╮
        ● │  b  about b
        │ ●  c  about c
        ├─╯
        ●    a  about a  (branch point, base)
    "#]],
    );
}

#[test]
fn heads_stand_in_lanes_of_their_own() {
    check(
        "a\nb <- a\nc <- a\nd <- a\ne <- c",
        expect![[r#"
        ◉    b  about b  (head)
        │ ◉  d  about d  (head)
        ├─╯
        │ ◉  e  about e  (head)
        │ ●  c  about c
        ├─╯
        ●    a  about a  (branch point, base)
    "#]],
    );
}

#[test]
fn three_parents_open_two_lanes_and_a_lane_is_used_again() {
    check(
        "a\nb <- a\nc <- a\nd <- a\ne <- b c d\nf <- e\ng <- e\nh <- f g",
        expect![[r#"
        ◉      h  about h  (head, merge)
        ├─╮
        ● │    f  about f
        │ ●    g  about g
        ├─╯
        ◆      e  about e  (merge, branch point)
        ├─┬─╮
        ● │ │  b  about b
        │ ● │  c  about c
        ├─╯ │
        │   ●  d  about d
        ├───╯
        ●      a  about a  (branch point, base)
    "#]],
    );
}

#[test]
fn a_line_that_is_crossed_stays_whole() {
    check(
        "a\nx\nb <- a\nc <- a\ny <- x\nd <- b y\ne <- c y",
        expect![[r#"
        ◉      d  about d  (head, merge)
        ├─╮
        ● │    b  about b
        │ │ ◉  e  about e  (head, merge)
        │ ├─┤
        │ │ ●  c  about c
        ├─│─╯
        ● │    a  about a  (branch point, base)
          ●    y  about y  (branch point)
          ●    x  about x  (base)
    "#]],
    );
}

#[test]
fn dependencies_are_dashed() {
    check(
        "a\nb <- a\nx labels other\ny <- x needs b",
        expect![[r#"
        ◉    y  about y  (head)
        ├╌╮
        ● ┆  x  about x  (base, label other)
          ◉  b  about b  (head)
          ●  a  about a  (base)
    "#]],
    );
}

#[test]
fn what_alembic_does_not_see_or_find_is_there_and_marked() {
    check(
        "a\nb <- a\nb <- a\nc <- nowhere",
        expect![[r#"
        ◉  b  about b  (head)
        ●  a  about a  (base)
        ◉  c  about c  (head, missing nowhere)
        ×  b  about b  (shadowed)
    "#]],
    );
}

#[test]
fn a_run_ends_where_something_is_to_be_seen() {
    check(
        "a\nb <- a\nc <- b\nd <- c\ne <- d\nf <- e\ng <- f labels mark\nh <- g\ni <- h\nj <- i",
        expect![[r#"
            ◉  j  about j  (head)
            ●  i  about i
            ●  h  about h
            ●  g  about g  (label mark)
            ●  f  about f
            ●  e  about e
            ●  d  about d
            ●  c  about c
            ●  b  about b
            ●  a  about a  (base)
            run f..b
        "#]],
    );
}

#[test]
fn a_cycle_is_drawn_without_the_edge_that_closes_it() {
    check(
        "a <- c\nb <- a\nc <- b",
        expect![[r#"
        ◉  c  about c  (head)
        ●  b  about b
        ●  a  about a
    "#]],
    );
}

#[test]
fn an_edit_of_a_title_changes_one_row_and_another_parent_the_shape() {
    let before = view("a\nb <- a\nc <- b");
    let mut after = before.clone();
    after.rows[1].title = "another".to_owned();
    assert_eq!(after.changed_since(&before), Some(vec![1]));
    assert_ne!(after.identity(), before.identity());
    assert_eq!(before.changed_since(&before), Some(Vec::new()));
    assert_eq!(view("a\nb <- a\nc <- a").changed_since(&before), None);
}

#[test]
fn findings_and_databases_stand_on_their_rows() {
    let snapshot = history("a\nb <- a");
    let project = &snapshot.projects()[0];
    let file = project.history()[project.history().find("b").unwrap()].file;
    let found = |severity, message: &str| Finding {
        rule: "multiple-heads",
        severity,
        span: revline_text::Span::new(file, revline_text::Range::default()),
        message: message.to_owned(),
        related: Vec::new(),
        direction: None,
        fixes: Vec::new(),
        environment: project.name().to_owned(),
        unnecessary: false,
    };
    let list = vec![found(Severity::Hint, "small"), found(Severity::Error, "big")];
    let marks = GraphMarks {
        findings: HashMap::from([(file, Arc::new(list))]),
        databases: &[("dev".to_owned(), vec!["a".into()])],
    };
    let view = GraphView::of(project, &marks);
    let text: Vec<String> = view.lines().iter().map(|line| line.label.clone()).collect();
    assert_eq!(
        text,
        [
            "b  about b  (head)  ! error: multiple-heads and 1 more",
            "a  about a  (base, database dev)"
        ]
    );
}

#[test]
fn every_row_has_a_free_lane_whatever_the_graph() {
    // Lines to different revisions never share a lane: the promise of the layout, on many graphs.
    let mut state = 7_u64;
    let mut random = move |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..60 {
        let mut text = String::new();
        for id in 0..25_u64 {
            write!(text, "r{id} <-").unwrap();
            for _ in 0..random(3).min(id) {
                write!(text, " r{}", random(id)).unwrap();
            }
            text.push('\n');
        }
        let view = view(&text);
        let mut held: Vec<(u32, u32, u32)> = Vec::new();
        for (row, at) in view.rows.iter().zip(0..) {
            let first = view.edges.iter().find(|edge| edge.parent == at);
            if let Some(first) = first {
                assert!(first.child < at);
                held.push((row.lane, first.child, at));
            }
        }
        for (row, at) in view.rows.iter().zip(0..) {
            for (lane, from, to) in &held {
                assert!(row.lane != *lane || at <= *from || *to <= at, "row {at} in {text}");
            }
        }
        for (place, (lane, from, to)) in held.iter().enumerate() {
            for (other, above, below) in held.iter().skip(place + 1) {
                assert!(lane != other || to <= above || below <= from, "lane {lane} in {text}");
            }
        }
    }
}
