//! Values that are expensive to compute and always the same: computed once, then shared.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Slot = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

/// A memory for pure computations, addressed by a key that says all they depend on.
///
/// Whoever comes first computes; everyone else waits for that value alone. Since a value depends on
/// nothing but its key, results are the same on any number of threads.
#[derive(Default)]
pub struct Memo {
    slots: Mutex<BTreeMap<String, Slot>>,
}

impl Memo {
    /// The value under `key`, computed by `compute` if nobody has yet.
    ///
    /// # Panics
    /// If one key is used for two types: a broken invariant of the caller.
    pub fn get<T: Any + Send + Sync>(&self, key: &str, compute: impl FnOnce() -> T) -> Arc<T> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            match slots.get(key) {
                Some(slot) => slot.clone(),
                None => slots.entry(key.to_owned()).or_default().clone(),
            }
        };
        let value = slot.get_or_init(|| Arc::new(compute())).clone();
        value.downcast().unwrap_or_else(|_| panic!("memo key {key:?} is used for two types"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_computed_once() {
        let memo = Memo::default();
        let mut times = 0;
        for _ in 0..3 {
            assert_eq!(
                *memo.get("k", || {
                    times += 1;
                    7.0_f64
                }),
                7.0
            );
        }
        assert_eq!(times, 1);
    }
}
