//! Real children.

#![cfg(unix)]

use std::time::{Duration, Instant};

use super::*;

fn sh(script: &str) -> Task {
    Task {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        folder: std::env::temp_dir(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        timeout: Some(Duration::from_secs(30)),
        ..Task::default()
    }
}

fn ran(task: &Task) -> (Ended, Vec<Line>) {
    let mut lines = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.expect("a runtime").block_on(run(task, |line| lines.push(line)));
    (ended.expect("it starts"), lines)
}

/// Whether a process is there and is no zombie.
fn lives(pid: &str) -> bool {
    let (_, said) = ran(&sh(&format!("ps -o stat= -p {pid} || true")));
    said.iter().any(|line| !line.text().trim().is_empty() && !line.text().contains('Z'))
}

#[test]
fn lines_come_from_both_streams_and_the_code_is_told() {
    let (ended, mut lines) = ran(&sh("echo one; echo two >&2; printf three; exit 3"));
    lines.sort_by_key(|line| line.text().to_owned());
    assert_eq!(ended, Ended::Exited(Some(3)));
    let of = |text: &str| text.to_owned();
    assert_eq!(lines, [Line::Out(of("one")), Line::Out(of("three")), Line::Err(of("two"))]);
}

#[test]
fn a_line_without_end_comes_in_parts() {
    let (_, lines) = ran(&sh("head -c 40000 /dev/zero | tr '\\0' x"));
    let lengths: Vec<usize> = lines.iter().map(|line| line.text().len()).collect();
    assert_eq!(lengths, [16384, 16384, 7232]);
}

#[test]
fn the_environment_is_what_the_caller_wrote_down_and_the_input_is_not_among_the_arguments() {
    let mut task = sh("read secret; echo got $secret; env; tr '\\0' ' ' < /proc/$$/cmdline");
    task.input = Some("s3cret".to_owned());
    task.environment.push(("ONLY".into(), "this".into()));
    let (_, lines) = ran(&task);
    let texts: Vec<&str> = lines.iter().map(Line::text).collect();
    assert!(texts.contains(&"got s3cret") && texts.contains(&"ONLY=this"), "{texts:?}");
    assert!(!texts.iter().any(|text| text.starts_with("HOME=") || text.starts_with("CARGO")));
    assert_eq!(texts.iter().filter(|text| text.contains("s3cret")).count(), 1);
    assert!(!format!("{task:?}").contains("s3cret"));
}

#[test]
fn a_child_that_takes_too_long_is_killed_with_all_that_it_started() {
    let mut task = sh("sleep 60 & echo $!; sleep 60");
    task.timeout = Some(Duration::from_millis(300));
    let began = Instant::now();
    let (ended, lines) = ran(&task);
    assert_eq!(ended, Ended::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(!lives(lines[0].text()));
}

#[test]
fn what_a_child_leaves_behind_ends_with_it() {
    let began = Instant::now();
    let (ended, lines) = ran(&sh("sleep 60 & echo $!"));
    assert_eq!(ended, Ended::Exited(Some(0)));
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(!lives(lines[0].text()));
}

#[test]
fn a_child_ends_when_nobody_waits_for_it_any_more() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pid = runtime.block_on(async {
        let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
        let task = sh("echo $$; sleep 60");
        let running = run(&task, |line| drop(send.send(line.text().to_owned())));
        tokio::select! {
            _ = running => None,
            pid = receive.recv() => pid,
        }
    });
    assert!(!lives(&pid.expect("it told its number")));
}

#[test]
fn a_child_whose_keeper_is_not_there_any_more_runs_without_one() {
    let task = Task { keeper: vec!["/nowhere/revline".into(), "keep".into()], ..sh("echo one") };
    assert_eq!(ran(&task), (Ended::Exited(Some(0)), vec![Line::Out("one".to_owned())]));
}

#[test]
fn a_program_that_is_not_there_is_an_error() {
    let task = Task { program: "/nowhere/python".into(), ..sh("") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(run(&task, |_| {})).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}
