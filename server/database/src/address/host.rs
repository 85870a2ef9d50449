//! How far away a host is, by its name alone: nothing is resolved.

use std::net::IpAddr;

/// How far away a server is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Host<'a> {
    /// A file, a socket, or an address of this machine.
    ThisMachine,
    /// A name of one word, as the services of a compose file have: `db`.
    OneWord(&'a str),
    /// Anything else.
    Remote(&'a str),
}

/// The class of a host's name or number.
pub(super) fn class(host: &str) -> Host<'_> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        let is_here = match ip {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified(),
            IpAddr::V6(ip) => {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
            }
        };
        return if is_here { Host::ThisMachine } else { Host::Remote(host) };
    }
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    // RFC 6761: names under `localhost` are this machine.
    if name == "localhost" || name.ends_with(".localhost") || name == "localhost.localdomain" {
        return Host::ThisMachine;
    }
    // `2130706433` is a number that resolvers read as an address.
    let is_word = !name.is_empty()
        && !name.contains(['.', ':'])
        && name.chars().any(|c| c.is_ascii_alphabetic())
        && !name.starts_with("0x");
    if is_word { Host::OneWord(host) } else { Host::Remote(host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_here_or_a_word_or_away() {
        for here in [
            "localhost",
            "LOCALHOST.",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "0.0.0.0",
            "a.localhost",
            "::ffff:127.0.0.1",
        ] {
            assert_eq!(class(here), Host::ThisMachine, "{here}");
        }
        for word in ["db", "postgres-1", "my_db"] {
            assert_eq!(class(word), Host::OneWord(word));
        }
        let away = [
            "db.example.org",
            "10.0.0.5",
            "fe80::1",
            "2130706433",
            "0x7f000001",
            "host.docker.internal",
        ];
        for away in away {
            assert_eq!(class(away), Host::Remote(away));
        }
    }
}
