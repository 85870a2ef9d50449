//! What stands between Revline and a program that does not notice its end: the keeper starts it, waits for it, and kills
//! the whole group when whoever started the keeper has gone, however it went. It is the program `revline` itself.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::process::{Command, Stdio};

use rustix::process::{Signal, getpgrp, getpid, kill_current_process_group, kill_process};

/// How a keeper says that there is no such program; the number of the operating system's error follows.
pub(crate) const NOT_STARTED: &str = "revline: not started ";

/// Runs a program with its arguments, and ends as it does. The end of standard input is the end of the group that this
/// process leads.
pub fn keep(program: OsString, arguments: Vec<OsString>) -> i32 {
    std::thread::spawn(|| {
        let mut buffer = [0; 64];
        // What cannot be read any more has ended.
        while io::stdin().read(&mut buffer).is_ok_and(|count| count > 0) {}
        // Only its own: whoever is not its leader was started by hand, among others.
        if getpgrp() == getpid() {
            kill_current_process_group(Signal::KILL).ok();
        }
        std::process::exit(1);
    });
    #[expect(clippy::disallowed_methods, reason = "this is the door that the others are sent to")]
    let ended = Command::new(program).args(arguments).stdin(Stdio::null()).status();
    match ended {
        Ok(status) => status.code().unwrap_or_else(|| {
            // A signal ended it, and so it is told: this does not return.
            kill_process(getpid(), Signal::KILL).ok();
            1
        }),
        Err(error) => {
            let number = error.raw_os_error().unwrap_or_default();
            drop(writeln!(io::stderr(), "{NOT_STARTED}{number}"));
            127
        }
    }
}

/// The error that a keeper told of.
pub(crate) fn not_started(line: &str) -> Option<io::Error> {
    line.strip_prefix(NOT_STARTED)?.parse().ok().map(io::Error::from_raw_os_error)
}
