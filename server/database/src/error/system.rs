//! Failures of the network and of the machine.

use std::io;

use super::{Error, ErrorKind};
use crate::address::{Address, Target};

pub(super) fn told(address: &Address, error: &io::Error) -> Error {
    let place = address.place();
    let text = error.to_string();
    // What the resolver says has no kind of its own.
    if text.contains("failed to lookup address") || text.contains("Name or service not known") {
        return Error::new(address, ErrorKind::UnknownHost, format!("{place}: {text}"))
            .with_way_out(
                "is the name right, and the network or the container that knows it there?",
            );
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::TimedOut
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => {
            Error::new(address, ErrorKind::ServerDown, format!("{place}: {text}"))
                .with_way_out("is the server started, and does it listen there?")
        }
        io::ErrorKind::NotFound if matches!(address.target(), Target::Socket(_)) => {
            Error::new(address, ErrorKind::ServerDown, format!("there is no socket at {place}"))
                .with_way_out("is the server started, and is this its socket?")
        }
        io::ErrorKind::PermissionDenied => {
            Error::new(address, ErrorKind::NotAllowed, format!("{place}: {text}"))
        }
        io::ErrorKind::StorageFull => Error::new(address, ErrorKind::DiskFull, text),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Error::new(address, ErrorKind::Lost, text)
            .with_way_out("the server ended the connection; look at its log"),
        _ => Error::new(address, ErrorKind::Unexpected, format!("{place}: {text}")),
    }
}
