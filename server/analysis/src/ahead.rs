//! Work on cores that would be idle: pieces that will be asked for in a known order are done a little
//! ahead of whoever asks.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How far ahead, in pieces: what is done and not yet asked for takes memory.
const WINDOW: usize = 64;

/// Below this many pieces a thread costs more than it brings.
const WORTH_A_THREAD: usize = 32;

/// Pieces of work by number, each done once.
pub(crate) struct Ahead<'a> {
    work: &'a (dyn Fn(usize) + Sync),
    pieces: Mutex<Pieces>,
    changed: Condvar,
}

struct Pieces {
    state: Vec<Piece>,
    /// Before this one nothing is left to begin ahead.
    next: usize,
    /// What was asked for last.
    asked: usize,
    /// How many threads wait for a change.
    waiting: usize,
    is_over: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Open,
    Begun,
    Done,
}

impl Pieces {
    fn begin(&mut self, piece: usize) {
        if let Some(state) = self.state.get_mut(piece) {
            *state = Piece::Begun;
        }
    }

    /// Begins the first piece that nobody has begun; `None` where it is too far ahead, or there is none.
    fn take_next(&mut self) -> Option<usize> {
        self.next = self.next.max(self.asked);
        while self.next < self.state.len().min(self.asked + WINDOW) {
            let piece = self.next;
            self.next += 1;
            if self.state.get(piece) == Some(&Piece::Open) {
                self.begin(piece);
                return Some(piece);
            }
        }
        None
    }
}

/// Runs `asking`, which asks for pieces 0 to `count` in their order, while other threads do them ahead
/// with `work`.
pub(crate) fn ahead<T>(
    count: usize,
    work: &(dyn Fn(usize) + Sync),
    asking: impl FnOnce(&Ahead<'_>) -> T,
) -> T {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let others = if count < WORTH_A_THREAD { 0 } else { cores - 1 };
    let pieces =
        Pieces { state: vec![Piece::Open; count], next: 0, asked: 0, waiting: 0, is_over: false };
    let ahead = Ahead { work, pieces: Mutex::new(pieces), changed: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..others {
            scope.spawn(|| ahead.go_ahead());
        }
        let _over = Over(&ahead);
        asking(&ahead)
    })
}

impl Ahead<'_> {
    /// Returns once a piece is done. Does it itself where nobody has begun it, and others while somebody
    /// does.
    pub(crate) fn wait_for(&self, piece: usize) {
        let mut pieces = self.pieces();
        pieces.asked = piece;
        self.tell(&pieces);
        while let Some(state) = pieces.state.get(piece).copied() {
            match state {
                Piece::Done => return,
                Piece::Open => {
                    pieces.begin(piece);
                    drop(pieces);
                    return self.run(piece);
                }
                Piece::Begun => match pieces.take_next() {
                    Some(other) => {
                        drop(pieces);
                        self.run(other);
                        pieces = self.pieces();
                    }
                    None => pieces = self.wait(pieces),
                },
            }
        }
    }

    fn wait<'p>(&self, mut pieces: MutexGuard<'p, Pieces>) -> MutexGuard<'p, Pieces> {
        pieces.waiting += 1;
        let mut pieces = self.changed.wait(pieces).unwrap_or_else(PoisonError::into_inner);
        pieces.waiting -= 1;
        pieces
    }

    /// Wakes those that wait: a call into the system, which is saved where nobody does.
    fn tell(&self, pieces: &Pieces) {
        if pieces.waiting > 0 {
            self.changed.notify_all();
        }
    }

    fn go_ahead(&self) {
        let mut pieces = self.pieces();
        while !pieces.is_over && pieces.next < pieces.state.len() {
            match pieces.take_next() {
                Some(piece) => {
                    drop(pieces);
                    self.run(piece);
                    pieces = self.pieces();
                }
                None => pieces = self.wait(pieces),
            }
        }
    }

    /// Does a piece that was begun.
    fn run(&self, piece: usize) {
        let _done = Done { ahead: self, piece };
        (self.work)(piece);
    }

    fn pieces(&self) -> MutexGuard<'_, Pieces> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the other threads, however the asking ends.
struct Over<'a>(&'a Ahead<'a>);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        let mut pieces = self.0.pieces();
        pieces.is_over = true;
        self.0.tell(&pieces);
    }
}

/// Marks a piece as done, also where the work on it panicked: nobody may wait for it for ever.
struct Done<'a> {
    ahead: &'a Ahead<'a>,
    piece: usize,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        let mut pieces = self.ahead.pieces();
        if let Some(state) = pieces.state.get_mut(self.piece) {
            *state = Piece::Done;
        }
        self.ahead.tell(&pieces);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn each_piece_is_done_once_and_before_it_is_had() {
        for count in [0, 1, WORTH_A_THREAD - 1, 1_000] {
            let done: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
            let work = |piece: usize| {
                done[piece].fetch_add(1, Ordering::SeqCst);
            };
            let had = ahead(count, &work, |ahead| {
                let ask = |piece: usize| {
                    ahead.wait_for(piece);
                    done[piece].load(Ordering::SeqCst)
                };
                (0..count).map(ask).sum::<usize>()
            });
            assert_eq!(had, count);
            assert!(done.iter().all(|times| times.load(Ordering::SeqCst) == 1));
        }
    }

    #[test]
    fn whoever_stops_asking_leaves_the_rest_undone() {
        let done = AtomicUsize::new(0);
        let work = |_: usize| {
            done.fetch_add(1, Ordering::SeqCst);
        };
        ahead(100_000, &work, |ahead| ahead.wait_for(0));
        assert!(done.load(Ordering::SeqCst) <= WINDOW + 1);
    }
}
