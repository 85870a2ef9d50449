//! `revline server`.

use std::process::ExitCode;

use anyhow::Context as _;

/// Start the language server.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// What editors add; the server speaks nothing else.
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(crate) fn run(_: &Arguments) -> anyhow::Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("REVLINE_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,revline_lsp=info")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the server cannot start its threads")?;
    let options = revline_lsp::Options { panic_in: std::env::var("REVLINE_PANIC_IN").ok() };
    runtime.block_on(revline_lsp::serve(options));
    // A client that keeps standard input open would hold the reading thread for ever.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}
