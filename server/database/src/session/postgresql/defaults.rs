//! What `TimeZone` and `DateStyle` would be, had sqlx not asked for its own in the startup packet.
//!
//! What stands in that packet is the session's default: RESET gives it back, and the server shows no other. So the
//! places are read from which the server takes it: the settings of user and database, its command line, its files. The
//! last two are for superusers. To anybody else the server's zone is that of its log, which `initdb` sets alike, and a
//! note says so.

use crate::error::Error;
use crate::session::Session;

/// The settings in question, as `pg_settings` spells them.
const NAMES: [&str; 2] = ["TimeZone", "DateStyle"];

/// By whom it is set, the strongest first: user in database, user, database, everybody.
const SETTINGS: &str = "SELECT pg_catalog.split_part(one, '=', 1), pg_catalog.substr(one, pg_catalog.strpos(one, '=') + 1) \
    FROM pg_catalog.pg_db_role_setting s CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS one \
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) \
    AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user)) \
    ORDER BY s.setrole = 0, s.setdatabase = 0";

const IS_SUPERUSER: &str = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user";

const FILES: &str = "SELECT name, setting FROM pg_catalog.pg_file_settings \
    WHERE error IS NULL AND lower(name) IN ('timezone', 'datestyle') ORDER BY seqno DESC";

const COMMAND_LINE: &str = "SELECT pg_catalog.pg_read_file('postmaster.opts')";

/// The values to set, with their names.
pub(super) async fn of(session: &mut Session) -> Result<Vec<(&'static str, String)>, Error> {
    let mut found: [Option<String>; 2] = [None, None];
    for (name, value) in &session.address.postgresql.parameters {
        // The last one counts, and it counts for more than what the server has.
        take(&mut found, name, value, true);
    }
    for row in session.ask(SETTINGS).await? {
        take(&mut found, &row.text(0), &row.text(1), false);
    }
    if found.iter().all(Option::is_some) {
        return Ok(named(found));
    }
    if session.ask(IS_SUPERUSER).await?.first().is_some_and(|row| row.is(0)) {
        let line = session.ask(COMMAND_LINE).await?.first().map(|row| row.text(0));
        for (name, value) in switches(&line.unwrap_or_default()) {
            take(&mut found, &name, &value, false);
        }
        for row in session.ask(FILES).await? {
            take(&mut found, &row.text(0), &row.text(1), false);
        }
        // Set nowhere: what is compiled in.
        take(&mut found, "TimeZone", "GMT", false);
        take(&mut found, "DateStyle", "ISO, MDY", false);
        return Ok(named(found));
    }
    let zone = session.ask("SHOW log_timezone").await?.first().map(|row| row.text(0));
    for (index, value) in [zone.unwrap_or_default(), "ISO, MDY".to_owned()].into_iter().enumerate()
    {
        if let (Some(None), Some(name)) = (found.get(index), NAMES.get(index)) {
            session.notes.push(format!(
                "which {name} the server would give this session is not shown to this user: it is taken to be {value}"
            ));
            take(&mut found, name, &value, false);
        }
    }
    Ok(named(found))
}

fn take(found: &mut [Option<String>; 2], name: &str, value: &str, replaces: bool) {
    let index = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name));
    if let Some(place) = index.and_then(|index| found.get_mut(index))
        && (replaces || place.is_none())
    {
        *place = Some(value.to_owned());
    }
}

fn named(found: [Option<String>; 2]) -> Vec<(&'static str, String)> {
    NAMES.into_iter().zip(found).filter_map(|(name, value)| Some((name, value?))).collect()
}

/// `-c name=value` and `--name=value` of a command line whose words are quoted; the last comes first.
fn switches(line: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = line
        .split('"')
        .filter_map(|word| {
            let word = word.strip_prefix("--").or_else(|| word.strip_prefix("-c")).unwrap_or(word);
            let (name, value) = word.trim().split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect();
    found.reverse();
    found
}
