//! Running migrations: plan → run → observe → evaluate again.
//!
//! A database is opened only because somebody asked for it by a command. What would happen is a
//! [`Plan`] first, plain data; whether it happens is decided outside. Two runners: `native` executes
//! statements that the engine knows completely, `alembic` starts the project's own. The lock is held
//! around all of it. This crate refuses to print, to ask, and to guess: what is not known completely
//! is not run natively.

mod alembic;
mod connect;
mod differences;
mod event;
mod hooks;
mod interpreter;
mod lost;
mod native;
mod observe;
mod person;
mod plan;
mod records;
mod request;
mod run;
mod secrets;
mod stamp;
mod standing;
mod versions;

pub use alembic::{Child, Start, run_child, start};
pub use connect::{Connection, Denied, Permission, connect};
pub use differences::{Generated, differences, generate, listen, named};
pub use event::{Event, Failure, Hear};
pub use hooks::{HookError, run_hook};
pub use interpreter::{Interpreter, NoInterpreter, Surroundings, installed, interpreter};
pub use native::{listed, run_native};
pub use person::Person;
pub use plan::{Plan, PlanError, PlannedStep, Reason, Transactions, plan};
pub use request::{Kind, Request};
pub use revline_database::{
    Error as DatabaseError, ErrorKind as DatabaseErrorKind, LeftOver, Lock, Timeouts,
};
pub use run::Run;
pub use secrets::Secrets;
pub use stamp::run_stamp;
pub use standing::{Standing, standing};
pub use tokio_util::sync::CancellationToken;
