//! Nothing that stands in a file makes the parser, the header scan or the evaluator fail.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/trace.rs"]
mod trace;

use std::sync::Arc;
use std::time::{Duration, Instant};

use revline_python::Budget;
use revline_python::header::{HeaderValue, Names, confirm, scan};
use revline_python::syntax::{Body, Source, decode};
use revline_text::{FileId, Range};
use trace::run;

const NAMES: &[&str] = &["revision", "down_revision", "branch_labels", "depends_on"];

const MIGRATION: &str = include_str!("migration.py");

/// Everything that is done with a file's text; each step must return.
fn look_at(text: &str) {
    let budget = Budget { steps: 20_000, ..Budget::default() };
    run(text, budget);
    let source = Source::parse(FileId(0), Arc::from(text));
    for error in source.errors() {
        assert!(error.range.slice(text).is_some(), "{error:?}");
    }
    for function in source.functions() {
        assert!(function.body_range.slice(text).is_some());
        assert!(function.name_range.slice(text).is_some());
    }
    let scanned = scan(text, &Names::new(NAMES));
    let confirmed = confirm(&source, NAMES);
    for entry in scanned.entries.iter().chain(&confirmed.entries) {
        assert!(entry.value_range.slice(text).is_some(), "{entry:?}");
    }
    source.imports();
    source.assignments();
    source.calls(source.span().range);
}

/// A generator of numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (bound.max(1) as u64)).unwrap()
    }
}

#[test]
fn the_whole_migration_is_understood() {
    let (heard, _) = run(MIGRATION, Budget::default());
    assert!(heard.contains(r#"create_index("ix_line_n_2", ["n_0"])"#), "{heard}");
    assert!(heard.contains(r#"sqlalchemy.Enum("open", "paid", name="état")"#), "{heard}");
    assert!(!heard.contains("opaque"), "{heard}");
    let source = Source::parse(FileId(0), Arc::from(MIGRATION));
    assert_eq!(source.errors(), []);
    assert_eq!(scan(MIGRATION, &Names::new(NAMES)), confirm(&source, NAMES));
    assert!(matches!(source.body_of("upgrade"), Body::Present { .. }));
    assert!(matches!(source.body_of("other"), Body::Absent));
    let Body::Raises { range, exception } = source.body_of("downgrade") else { panic!() };
    assert_eq!(range.slice(MIGRATION), Some("raise NotImplementedError()"));
    assert_eq!(exception.as_deref(), Some("NotImplementedError"));
}

#[test]
fn a_migration_cut_at_every_byte_is_looked_at() {
    for end in (0..MIGRATION.len()).filter(|end| MIGRATION.is_char_boundary(*end)) {
        look_at(&MIGRATION[..end]);
    }
}

#[test]
fn a_migration_with_lines_lost_doubled_and_swapped_is_looked_at() {
    let lines: Vec<&str> = MIGRATION.split_inclusive('\n').collect();
    let mut numbers = Numbers(0x5eed_1234_abcd_0001);
    for _ in 0..400 {
        let mut mangled = lines.clone();
        for _ in 0..=numbers.below(6) {
            let (a, b) = (numbers.below(mangled.len()), numbers.below(mangled.len()));
            match numbers.below(3) {
                0 => drop(mangled.remove(a)),
                1 => mangled.insert(b, mangled[a]),
                _ => mangled.swap(a, b),
            }
        }
        look_at(&mangled.concat());
    }
}

#[test]
fn a_migration_with_characters_put_in_is_looked_at() {
    const NOISE: &[&str] = &[
        "(", ")", "\"", "'''", "\n", "\\", "#", ":", "*", "{", "\t", "é", "\0", "lambda", "yield ",
        "\r",
    ];
    let mut numbers = Numbers(0x00dd_ba11);
    for _ in 0..400 {
        let mut text = MIGRATION.to_owned();
        for _ in 0..=numbers.below(4) {
            let at = boundary(&text, numbers.below(text.len()));
            text.insert_str(at, NOISE[numbers.below(NOISE.len())]);
        }
        look_at(&text);
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[test]
fn hostile_files_are_looked_at_within_their_bounds() {
    let mut binary = Vec::new();
    let mut numbers = Numbers(0x00b1_4a27);
    for _ in 0..200_000 {
        binary.push(u8::try_from(numbers.below(256)).unwrap());
    }
    let long = format!("x = [\n{}]\n", "    'some text', \n".repeat(600_000));
    assert!(long.len() > 10 << 20);
    let large = format!("x = [\n{}]\n", "    'some text', \n".repeat(200_000));
    assert!(Source::parse(FileId(0), Arc::from(large.as_str())).is_valid());
    let ifs = (0..2_000).map(|level| " ".repeat(level % 300) + "if 1:\n").collect::<String>();
    for (what, text) in [
        ("parentheses", format!("x = {}", "(".repeat(50_000))),
        ("closed parentheses", format!("x = {}1{}", "(".repeat(50_000), ")".repeat(50_000))),
        ("lists", format!("x = {}{}", "[".repeat(50_000), "]".repeat(50_000))),
        ("operators", format!("x = 1{}", " + 1".repeat(50_000))),
        ("signs", format!("x = {}1", "-".repeat(50_000))),
        ("nots", format!("x = {}1", "not ".repeat(50_000))),
        ("attributes", format!("x = a{}", ".b".repeat(50_000))),
        ("calls", format!("x = a{}", "()".repeat(50_000))),
        ("lambdas", format!("x = {}1", "lambda: ".repeat(20_000))),
        ("conditions", format!("x = {}1", "1 if 1 else ".repeat(20_000))),
        ("comparisons", format!("x = 1{}", " < 1".repeat(50_000))),
        ("strings", format!("x = {}", "'a' ".repeat(50_000))),
        ("f-strings", format!("x = {}", "f'{".repeat(5_000))),
        ("ifs", ifs),
        ("elifs", format!("if a:\n  pass\n{}", "elif b:\n  pass\n".repeat(5_000))),
        ("assignments", format!("{}1", "x = ".repeat(50_000))),
        ("binary", decode(&binary).text),
        ("nothing", String::new()),
        ("ten megabytes", long),
        ("three megabytes", large),
        ("headers", "revision = revision\n".repeat(100_000)),
    ] {
        let start = Instant::now();
        look_at(&text);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(60), "{what}: {took:?}");
    }
}

#[test]
fn an_edited_file_is_the_file_parsed_afresh() {
    let mut source = Source::parse(FileId(0), Arc::from(MIGRATION));
    let mut numbers = Numbers(77);
    let says = |source: &Source| {
        let header = confirm(source, NAMES);
        let known = header.entries.iter().filter(|it| !matches!(it.value, HeaderValue::Broken));
        (source.is_valid(), source.functions(), known.cloned().collect::<Vec<_>>())
    };
    for _ in 0..60 {
        let mut text = source.text.to_string();
        let at = boundary(&text, numbers.below(text.len()));
        let new = ["x", "\n", " ", "1", "  # c"][numbers.below(5)];
        text.insert_str(at, new);
        let text: Arc<str> = Arc::from(text);
        let length = u32::try_from(new.len()).unwrap();
        let edited = source.reparse(text.clone(), Range::empty(u32::try_from(at).unwrap()), length);
        let fresh = Source::parse(FileId(0), text);
        // How a broken file is recovered may depend on its past; whether it is broken may not.
        assert_eq!(edited.is_valid(), fresh.is_valid());
        if fresh.is_valid() {
            assert_eq!(says(&edited), says(&fresh));
            source = edited;
        }
    }
}

#[test]
fn bytes_are_decoded_as_python_does() {
    assert_eq!(decode("é".as_bytes()).text, "é");
    let latin = decode(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n");
    assert_eq!((latin.text.as_str(), latin.lossy), ("# -*- coding: latin-1 -*-\nx = 'é'\n", false));
    assert!(decode(b"x = '\xe9'\n").lossy);
}
