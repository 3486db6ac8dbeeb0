//! A trial without a lineage: the truth about a world, and whatever is to be measured against it.

use crate::distribution::Distribution;
use crate::lineage::{Needs, Supply, Truth};
use crate::numeric::memo::Memo;
use crate::samples::Samples;
use crate::stream::Streams;

/// Shows what a trial with these needs knows of the world.
pub fn trial<S: Samples, R>(
    world: &dyn Distribution<S>,
    needs: Needs,
    streams: Streams,
    world_memo: &Memo,
    look: impl FnOnce(&Truth<'_, S>) -> R,
) -> R {
    let supply = Supply::new(world, needs, streams);
    look(&Truth::new(&supply, needs.evaluation, world_memo))
}
