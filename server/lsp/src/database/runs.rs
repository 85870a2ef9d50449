//! The runs that are on their way, by the token of their progress.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use revline_apply::CancellationToken;

/// Runs that can be cancelled, and the plans that were shown last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
    plans: Arc<Mutex<HashMap<String, String>>>,
}

impl Runs {
    fn all(&self) -> MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the text of a plan to be shown, in place of the one before; its address.
    pub(crate) fn keep_plan(&self, environment: &str, text: String) -> String {
        let name = utf8_percent_encode(environment, NON_ALPHANUMERIC);
        let uri = format!("revline:/plan/{name}.txt");
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        plans.insert(uri.clone(), text);
        uri
    }

    /// The plan of that address.
    pub(crate) fn plan(&self, uri: &str) -> Option<String> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner).get(uri).cloned()
    }

    /// A run begins; what is given hears when it is to stop.
    pub(crate) fn begin(&self, token: &str) -> CancellationToken {
        let cancel = CancellationToken::new();
        self.all().insert(token.to_owned(), cancel.clone());
        cancel
    }

    /// A run is over.
    pub(crate) fn end(&self, token: &str) {
        self.all().remove(token);
    }

    /// Asks a run to stop; one that is over meanwhile hears nothing.
    pub(crate) fn stop(&self, token: &str) {
        if let Some(cancel) = self.all().remove(token) {
            cancel.cancel();
        }
    }
}
