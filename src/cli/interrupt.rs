//! Ctrl-C, and other polite ways to ask a program to stop.

use super::screen;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Set once somebody asked.
pub static STOP: AtomicBool = AtomicBool::new(false);

/// What the program exits with when it was asked to stop.
pub const EXIT: u8 = 130;

/// Trials that run may take this long to finish; finished ones are on the disk already.
const GRACE: Duration = Duration::from_secs(3);

/// From now on, the first request lets running trials finish, and the second does not.
pub fn listen() {
    let heard = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(EXIT));
        }
        screen::note("\nstopping; finished trials are kept (once more: stop at once)");
        std::thread::spawn(|| {
            std::thread::sleep(GRACE);
            std::process::exit(i32::from(EXIT));
        });
    });
    // Without a handler, the system's own way to end a program loses nothing either.
    drop(heard);
}

pub fn is_asked() -> bool {
    STOP.load(Ordering::Relaxed)
}
