//! The date of a new file, in the configured time zone.

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::WriteError;
use crate::alembic::template::CreateDate;

/// The moment as Alembic writes it: naive in the machine's zone where no `timezone` is configured,
/// else in that zone, which is looked up by its exact name and then by its name in capitals.
pub fn create_date(now: &Zoned, timezone: Option<&str>) -> Result<CreateDate, WriteError> {
    let Some(name) = timezone else {
        return Ok(CreateDate { moment: now.clone(), aware: false });
    };
    let zone = exact(name).or_else(|| exact(&name.to_uppercase()));
    let zone = zone.ok_or_else(|| WriteError(format!("Can't locate timezone: {name}")))?;
    Ok(CreateDate { moment: now.with_time_zone(zone), aware: true })
}

/// The library looks names up whatever their case; Python's `ZoneInfo` does not.
fn exact(name: &str) -> Option<TimeZone> {
    let zone = TimeZone::get(name).ok()?;
    (zone.iana_name() == Some(name)).then_some(zone)
}
