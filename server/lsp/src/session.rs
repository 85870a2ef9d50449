//! The actor that owns everything mutable. It applies one event after the other, synchronously, and
//! awaits only its mailbox; whatever takes time runs in a lane and comes back as an event.

mod databases;
mod disk;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use revline_analysis::{Depth, Difference, Effect, Files, Index, Inputs, Snapshot};
use revline_apply::Person;
use revline_lint::{Cache, Finding};
use revline_text::{FileId, Fingerprint};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{error, info, warn};

use crate::board::Board;
use crate::client::Editor;
use crate::database::{Access, Looks};
use crate::disk_watch::DiskWatch;
use crate::event::{Event, Passed, Start, edited};
use crate::features::Features;
use crate::pass::Pass;
use crate::requests;
use crate::settings;
use crate::told::Told;
use crate::work::{Cancel, Lane, Lanes};
use crate::world::World;

/// How long a pause in typing is, in milliseconds: shorter than one feels, longer than a key takes.
const PAUSE: Duration = Duration::from_millis(60);

/// How many documents with SQL are kept in step: more than anybody has in view.
const DOCUMENTS: usize = 16;

/// The sending end of the mailbox.
#[derive(Clone)]
pub(crate) struct Mailbox(mpsc::UnboundedSender<Event>);

impl Mailbox {
    /// Posts an event. A session that is gone has nobody left to tell.
    pub(crate) fn post(&self, event: Event) {
        if self.0.send(event).is_err() {
            warn!("an event came after the end of the session");
        }
    }

    /// A mailbox that does not keep the session alive.
    pub(crate) fn downgrade(&self) -> WeakMailbox {
        WeakMailbox(self.0.downgrade())
    }

    /// Asks how things stand now: after every event posted before.
    pub(crate) fn ask(&self) -> oneshot::Receiver<World> {
        let (answer, world) = oneshot::channel();
        self.post(Event::Ask(answer));
        world
    }
}

/// What happened that the files that are not open have to be looked at again for, counted; see
/// [`Session`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Wanted {
    /// Everything.
    all: u64,
    /// What may concern a file although no state of a database differs: all but edits of bodies.
    beyond_states: u64,
}

/// How far the files that are not open were looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    wanted: Wanted,
    /// As it was when the running pass began.
    running: Wanted,
    /// As it was when the last whole pass began, and the identity of the states that it saw.
    done: Wanted,
    states: Option<Fingerprint>,
}

impl Rest {
    fn want(&mut self, effect: Effect) {
        self.wanted.all += u64::from(effect != Effect::Nothing);
        self.wanted.beyond_states += u64::from(!matches!(effect, Effect::Nothing | Effect::Body));
    }
}

/// A mailbox that does not keep the session alive.
pub(crate) struct WeakMailbox(mpsc::WeakUnboundedSender<Event>);

impl WeakMailbox {
    /// Posts an event; whether the session is still there.
    pub(crate) fn post_if_alive(&self, event: Event) -> bool {
        self.0.upgrade().is_some_and(|sender| sender.send(event).is_ok())
    }
}

/// The actor.
pub(crate) struct Session {
    mailbox: Mailbox,
    editor: Editor,
    lanes: Lanes,
    inputs: Inputs,
    features: Arc<Features>,
    findings: Arc<Cache>,
    roots: Vec<PathBuf>,
    settings: Option<serde_json::Value>,
    /// Which search for environments is the newest; 0 before the first.
    search: u64,
    /// What changed on disk since that search began, which may have read it before.
    behind: BTreeSet<PathBuf>,
    indexed: bool,
    /// Requests that came before the first index, with the files as they stood then.
    waiting: Vec<(Files, oneshot::Sender<World>)>,
    /// Documents whose text is not the editor's any more, until the next full text.
    out_of_step: HashSet<FileId>,
    /// Which pause is awaited.
    edits: u64,
    pass: u64,
    pass_cancel: Cancel,
    board: Board,
    boards: watch::Sender<Board>,
    pulls_workspace: bool,
    pushed: HashMap<FileId, Fingerprint>,
    disk: DiskWatch,
    access: Access,
    looks: Looks,
    /// What differs between models and a database that nobody looked at yet, by script folder.
    compared: HashMap<PathBuf, Vec<Difference>>,
    rest: Rest,
    /// The document that a person is at.
    edited: Option<FileId>,
    /// The documents with SQL that the client was given last, newest last, and what identifies the
    /// text of each.
    documents: Vec<(String, Fingerprint)>,
    /// Whether findings changed that the client may hold an old answer about.
    stale: bool,
    told: Told,
}

impl Session {
    /// Starts the actor; it ends when every mailbox is gone. Also returns the board as others see it.
    pub(crate) fn start(
        editor: Editor,
        lanes: Lanes,
        files: Files,
    ) -> (Mailbox, watch::Receiver<Board>) {
        let (sender, mut events) = mpsc::unbounded_channel();
        let mailbox = Mailbox(sender);
        let (boards, board) = watch::channel(Board::default());
        let mut session = Self {
            mailbox: mailbox.clone(),
            editor,
            lanes,
            inputs: Inputs::new(files),
            features: Arc::default(),
            findings: Arc::default(),
            roots: Vec::new(),
            settings: None,
            search: 0,
            behind: BTreeSet::new(),
            indexed: false,
            waiting: Vec::new(),
            out_of_step: HashSet::new(),
            edits: 0,
            pass: 0,
            pass_cancel: Cancel::default(),
            board: Board::default(),
            boards,
            pulls_workspace: false,
            pushed: HashMap::new(),
            disk: DiskWatch::default(),
            access: Access { person: Arc::new(Person::here()), ..Access::default() },
            looks: Looks::default(),
            compared: HashMap::new(),
            rest: Rest::default(),
            edited: None,
            documents: Vec::new(),
            stale: false,
            told: Told::default(),
        };
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                session.apply(event);
            }
        });
        (mailbox, board)
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Initialize(start) => self.initialize(*start),
            Event::Initialized => {
                self.editor.ready(&self.features, &self.mailbox);
                self.look_now_and_then();
                self.told.begin(&self.editor, &self.features);
                self.reindex();
            }
            Event::Opened { path, text, version } => {
                let effect = self.inputs.open(&path, (&*text).into(), version);
                if let Some(file) = self.inputs.files().known(&path) {
                    self.out_of_step.remove(&file);
                    self.unpush(file);
                    self.push_again(file);
                }
                self.after(effect);
                self.check_disk();
            }
            Event::Changed { path, version, changes } => self.changed(&path, version, changes),
            Event::Saved => {
                self.check_disk();
                self.look_at_databases(None);
            }
            Event::CheckDisk => self.check_disk(),
            Event::Look(asked) => self.look_at_databases(asked.as_deref()),
            Event::Looked(environment, seen) => self.looked(&environment, seen),
            Event::Ran(environment, failed, rows) => self.ran(&environment, failed, rows),
            Event::Compared(environment, found) => self.compared(&environment, found),
            Event::Chose(environment, name) => self.choose_database(environment, name),
            Event::Closed(path) => {
                if let Some(file) = self.inputs.files().known(&path) {
                    self.out_of_step.remove(&file);
                    let effect = self.inputs.close(file);
                    // From now on it is one of those that are not open.
                    self.rest.wanted.beyond_states += u64::from(effect != Effect::Nothing);
                    self.behind.insert(path);
                    self.after(effect);
                    self.push_again(file);
                }
            }
            Event::Touched(paths) => {
                let effect = self.inputs.touched(&paths);
                // The body of a file that is not open may have changed.
                self.rest.wanted.beyond_states += u64::from(effect != Effect::Nothing);
                self.behind.extend(paths);
                self.after(effect);
            }
            Event::Folders { added, removed } => {
                self.roots.retain(|root| !removed.contains(root));
                self.roots.extend(added);
                self.reindex();
            }
            Event::Settings(Some(settings)) => {
                if self.settings.as_ref() != Some(&settings) {
                    self.settings = Some(settings);
                    self.allow_hosts();
                    self.reindex();
                }
            }
            Event::Settings(None) => self.editor.ask_settings(&self.features, &self.mailbox),
            Event::Ask(answer) => self.answer(answer),
            Event::PulledWorkspace => self.pulled_workspace(),
            Event::Indexed(search, index) => self.set_index(search, *index),
            Event::Settled(edits) => {
                if edits == self.edits {
                    self.start_pass();
                }
            }
            Event::Found(pass, found) => {
                if pass == self.pass {
                    self.post_findings(found);
                }
            }
            Event::Passed(pass, passed) => {
                if pass == self.pass {
                    if let Passed::Whole(states) = passed {
                        // What happened since the pass began is still to be answered.
                        self.rest.done = self.rest.running;
                        self.rest.states = states;
                    }
                    self.publish_board();
                    if passed == Passed::Open {
                        self.renew_documents();
                    }
                }
            }
            Event::Shown(uri, identity) => {
                self.documents.retain(|(known, _)| *known != uri);
                self.documents.push((uri, identity));
                let most = self.documents.len().saturating_sub(DOCUMENTS);
                self.documents.drain(..most);
            }
            Event::Stands(number, standing) => {
                self.told.tell(&self.editor, &self.features, number, *standing);
            }
            Event::Reindex => self.reindex(),
        }
    }

    fn initialize(&mut self, start: Start) {
        info!(client = start.features.client, roots = start.roots.len(), "a session begins");
        self.features = Arc::new(start.features);
        self.roots = start.roots;
        self.settings = start.settings;
        self.access.trusted = start.trusted;
        self.remember_databases();
        self.allow_hosts();
    }

    fn changed(&mut self, path: &Path, version: i32, changes: Vec<crate::event::Change>) {
        let Some(file) = self.inputs.files().known(path) else {
            warn!(path = %path.display(), "an edit of a document that is not open");
            return;
        };
        let Some(document) = self.inputs.files().document(file) else {
            warn!(path = %path.display(), "an edit of a document that is not open");
            return;
        };
        let mut text = document.text.clone();
        for change in changes {
            let whole = matches!(change, crate::event::Change::Whole(_));
            if whole {
                self.out_of_step.remove(&file);
            } else if self.out_of_step.contains(&file) {
                continue;
            }
            match edited(&text, change, self.features.encoding) {
                Some(new) => text = new,
                None => {
                    error!(path = %path.display(), version, "an edit does not fit the text; waiting for the whole text");
                    self.out_of_step.insert(file);
                }
            }
        }
        self.forget_differences(file);
        let effect = self.inputs.edit(file, text, version);
        self.edited = Some(file);
        self.after(effect);
    }

    /// What an event's effect asks for.
    fn after(&mut self, effect: Effect) {
        match effect {
            Effect::Nothing => {}
            Effect::Body | Effect::Graph => {
                self.rest.want(effect);
                self.settle();
            }
            Effect::Environments => self.reindex(),
        }
    }

    /// Starts a pass once nothing has happened for a while. What a pass still computes of an older
    /// state makes room for the one who types.
    fn settle(&mut self) {
        self.pass_cancel.set();
        self.edits += 1;
        let (mailbox, edits) = (self.mailbox.clone(), self.edits);
        tokio::spawn(async move {
            tokio::time::sleep(PAUSE).await;
            mailbox.post(Event::Settled(edits));
        });
    }

    fn answer(&mut self, answer: oneshot::Sender<World>) {
        if self.indexed {
            // Whoever asked may have gone away meanwhile.
            drop(answer.send(self.world(self.inputs.snapshot())));
        } else {
            self.waiting.push((self.inputs.files().clone(), answer));
        }
    }

    fn world(&self, snapshot: Snapshot) -> World {
        World {
            snapshot,
            features: self.features.clone(),
            findings: self.findings.clone(),
            inlay_hints: self.settings.as_ref().is_some_and(settings::wants_inlay_hints),
            access: self.access.clone(),
        }
    }

    /// Searches for environments in the background; the newest search counts.
    fn reindex(&mut self) {
        self.search += 1;
        self.behind.clear();
        let (search, roots, files) = (self.search, self.roots.clone(), self.inputs.files().clone());
        let overrides = self.settings.as_ref().map(settings::from_json);
        let (mailbox, lanes, editor) =
            (self.mailbox.clone(), self.lanes.clone(), self.editor.clone());
        let first = !self.indexed;
        let features = self.features.clone();
        tokio::spawn(async move {
            // The client's consent to be shown progress comes through the same pipe as requests that
            // wait for this index: the index must not wait for it.
            let (done, shown) = oneshot::channel::<()>();
            if first {
                tokio::spawn(async move {
                    if let Some(progress) =
                        editor.begin_progress(&features, "Reading migrations").await
                    {
                        // The sender goes away when the index is there.
                        drop(shown.await);
                        progress.end().await;
                    }
                });
            }
            let built = lanes.run(Lane::Interactive, move |_| {
                Index::build(&files, &roots, overrides.as_ref(), Depth::Shared)
            });
            match built.await {
                Ok(index) => mailbox.post(Event::Indexed(search, Box::new(index))),
                Err(failure) => error!(?failure, "the search for environments failed"),
            }
            drop(done);
        });
    }

    fn set_index(&mut self, search: u64, index: Index) {
        if search != self.search {
            return;
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        // Who asked before later edits sees the graph as it was then. Those between two edits share
        // a snapshot.
        while waiting.first().is_some_and(|(files, _)| !files.same_documents(self.inputs.files())) {
            let Some((then, _)) = waiting.first() else { break };
            let then = then.clone();
            let later = waiting.iter().position(|(files, _)| !files.same_documents(&then));
            let rest = waiting.split_off(later.unwrap_or(waiting.len()));
            let world = self.world(Inputs::snapshot_then(then, index.clone()));
            for (_, answer) in std::mem::replace(&mut waiting, rest) {
                drop(answer.send(world.clone()));
            }
        }
        self.inputs.set_index(index);
        self.indexed = true;
        let behind: Vec<PathBuf> = std::mem::take(&mut self.behind).into_iter().collect();
        self.inputs.touched(&behind);
        for (files, answer) in waiting {
            let snapshot = self.inputs.snapshot_of(files);
            drop(answer.send(self.world(snapshot)));
        }
        self.rest.want(Effect::Environments);
        self.disk.indexed();
        self.check_disk();
        self.looks.reset();
        self.look_at_databases(None);
        self.start_pass();
    }

    /// Computes the findings of all files in the background: what the graph says first, then the
    /// open documents, the one that is being edited before the others, then the rest.
    fn start_pass(&mut self) {
        if !self.indexed {
            return;
        }
        self.pass_cancel.set();
        self.pass_cancel = Cancel::default();
        self.pass += 1;
        self.rest.running = self.rest.wanted;
        let pass = Pass {
            number: self.pass,
            world: self.world(self.inputs.snapshot()),
            cancel: self.pass_cancel.clone(),
            mailbox: self.mailbox.clone(),
        };
        let rest = self.rest;
        let lanes = self.lanes.clone();
        let known: Vec<FileId> = self.board.files().map(|(file, _)| file).collect();
        let (quick, edited) = (self.board.version == 0, self.edited);
        tokio::spawn(async move {
            let first = pass.clone();
            let open = lanes.run(Lane::Interactive, move |_| first.look_at_open(quick, edited));
            if let Err(failure) = open.await {
                error!(?failure, "the findings of the open documents failed");
            }
            let (number, mailbox) = (pass.number, pass.mailbox.clone());
            mailbox.post(Event::Passed(number, Passed::Open));
            if rest.wanted.all == rest.done.all {
                return;
            }
            let only_states = rest.wanted.beyond_states == rest.done.beyond_states;
            let seen = rest.states.filter(|_| only_states);
            let rest = lanes.run(Lane::Background, move |_| pass.look_at_rest(seen, known));
            if let Err(failure) = rest.await {
                error!(?failure, "the findings of the workspace failed");
                mailbox.post(Event::Passed(number, Passed::Whole(None)));
            }
        });
    }

    fn post_findings(&mut self, found: Vec<(FileId, Arc<Vec<Finding>>)>) {
        for (file, findings) in found {
            if self.board.post(file, findings) {
                // What the client pulled for its other documents may rest on the same graph.
                let open = self.inputs.files().document(file).is_some();
                self.stale |= !open || self.inputs.files().documents().count() > 1;
                self.push(file);
            }
        }
    }

    fn publish_board(&mut self) {
        if self.boards.borrow().version != self.board.version {
            let board = self.board.clone();
            self.boards.send_replace(board);
        }
        if std::mem::take(&mut self.stale) {
            self.editor.refresh(&self.features);
        }
        if self.features.status || self.features.graph {
            let (world, board) = (self.world(self.inputs.snapshot()), self.board.clone());
            self.told.work_out(world, board, &self.mailbox, &self.lanes);
        }
    }

    /// Tells the client which of its documents with SQL read otherwise by now.
    fn renew_documents(&self) {
        if self.documents.is_empty() || !self.features.documents {
            return;
        }
        let world = self.world(self.inputs.snapshot());
        let (mailbox, lanes, editor) =
            (self.mailbox.clone(), self.lanes.clone(), self.editor.clone());
        let documents = self.documents.clone();
        tokio::spawn(async move {
            let compared = lanes.run(Lane::Background, move |_| {
                let changed = documents.into_iter().filter_map(|(uri, known)| {
                    let text = requests::sql_document(&world, &requests::sql_address(&uri)?);
                    let identity = Fingerprint::of(&text);
                    (identity != known).then_some((uri, identity))
                });
                changed.collect::<Vec<_>>()
            });
            match compared.await {
                Ok(changed) => {
                    for (uri, identity) in changed {
                        mailbox.post(Event::Shown(uri.clone(), identity));
                        editor.renew_document(uri);
                    }
                }
                Err(failure) => error!(?failure, "the documents with SQL failed"),
            }
        });
    }

    /// Whether the findings of a file are pushed: never to a client that pulls them.
    fn is_pushed(&self, file: FileId) -> bool {
        let open = self.inputs.files().document(file).is_some();
        if open { !self.features.pull_diagnostics } else { !self.pulls_workspace }
    }

    fn push(&mut self, file: FileId) {
        if !self.is_pushed(file) {
            return;
        }
        let Some(posted) = self.board.get(file) else { return };
        if self.pushed.get(&file) == Some(&posted.identity) {
            return;
        }
        if posted.findings.is_empty() {
            if self.pushed.remove(&file).is_none() {
                return;
            }
        } else {
            self.pushed.insert(file, posted.identity);
        }
        self.editor.publish(self.inputs.files(), &self.features, file, posted.findings.clone());
    }

    /// Pushes what was pushed before: a client may forget it when it loads or unloads a document.
    fn push_again(&mut self, file: FileId) {
        if self.is_pushed(file) {
            self.pushed.remove(&file);
            self.push(file);
        }
    }

    /// Takes back what was pushed for a file that is pulled from now on.
    fn unpush(&mut self, file: FileId) {
        if !self.is_pushed(file) && self.pushed.remove(&file).is_some() {
            self.editor.publish(self.inputs.files(), &self.features, file, Arc::default());
        }
    }

    /// From the first pull on, files that are not open are pulled too.
    fn pulled_workspace(&mut self) {
        if !self.pulls_workspace {
            self.pulls_workspace = true;
            for file in self.pushed.keys().copied().collect::<Vec<_>>() {
                self.unpush(file);
            }
        }
        self.check_disk();
    }
}
