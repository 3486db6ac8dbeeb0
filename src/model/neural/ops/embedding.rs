//! Rows of a table by number, and on top of each the row of its place.
//!
//! out[b, t] = table[id] + places[offset_b + t]; the gradient of a row is the sum over where it was
//! taken, in the order of the batch.

use super::{contiguous, is_fused, view};
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};
use std::sync::Arc;

/// The rows `ids` of a table (rows × d), as (batch × length × d).
pub fn gather(table: &Tensor, ids: &Arc<[u32]>, batch: usize) -> Result<Tensor> {
    let length = ids.len() / batch.max(1);
    if is_fused(table) {
        return table.apply_op1(Gather { ids: ids.clone(), batch });
    }
    let rows = Tensor::from_slice(ids, ids.len(), table.device())?;
    table.index_select(&rows, 0)?.reshape((batch, length, table.dim(1)?))
}

/// The rows `ids` of a table, plus the rows of the places from each sample's offset on.
pub fn embed(
    table: &Tensor,
    places: &Tensor,
    ids: &Arc<[u32]>,
    offsets: &Arc<[u32]>,
) -> Result<Tensor> {
    let batch = offsets.len();
    let length = (ids.len() / batch.max(1)) as u32;
    let at: Arc<[u32]> = offsets.iter().flat_map(|first| *first..first + length).collect();
    if is_fused(table) {
        return table.apply_op2(places, Embed { ids: ids.clone(), at, batch });
    }
    gather(table, ids, batch)? + gather(places, &at, batch)?
}

/// out[k] = table[ids[k]].
fn take(table: &[f32], ids: &[u32], d: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(ids.len() * d);
    ids.iter().for_each(|id| out.extend_from_slice(&table[*id as usize * d..][..d]));
    out
}

/// The gradient of a table whose rows `ids` were taken.
fn give(gradient: &[f32], ids: &[u32], table: &Tensor) -> Result<Option<Tensor>> {
    let d = table.dim(1)?;
    let mut sums = vec![0.0; table.elem_count()];
    for (id, g) in ids.iter().zip(gradient.chunks_exact(d)) {
        let row = &mut sums[*id as usize * d..][..d];
        row.iter_mut().zip(g).for_each(|(sum, g)| *sum += g);
    }
    Tensor::from_vec(sums, table.shape(), table.device()).map(Some)
}

fn inside(ids: &[u32], rows: usize) -> Result<()> {
    match ids.iter().find(|id| **id as usize >= rows) {
        Some(id) => candle_core::bail!("row {id} of a table of {rows} rows"),
        None => Ok(()),
    }
}

struct Gather {
    ids: Arc<[u32]>,
    batch: usize,
}

impl CustomOp1 for Gather {
    fn name(&self) -> &'static str {
        "gather"
    }

    fn cpu_fwd(&self, table: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, d) = layout.shape().dims2()?;
        inside(&self.ids, rows)?;
        let out = take(contiguous(table, layout)?, &self.ids, d);
        let length = self.ids.len() / self.batch.max(1);
        Ok((CpuStorage::F32(out), (self.batch, length, d).into()))
    }

    fn bwd(&self, table: &Tensor, _out: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let gradient = gradient.contiguous()?;
        give(view(&gradient).data()?, &self.ids, table)
    }
}

struct Embed {
    ids: Arc<[u32]>,
    at: Arc<[u32]>,
    batch: usize,
}

impl CustomOp2 for Embed {
    fn name(&self) -> &'static str {
        "embed"
    }

    fn cpu_fwd(
        &self,
        table: &CpuStorage,
        table_layout: &Layout,
        places: &CpuStorage,
        places_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, d) = table_layout.shape().dims2()?;
        inside(&self.ids, rows)?;
        inside(&self.at, places_layout.shape().dims2()?.0)?;
        let mut out = take(contiguous(table, table_layout)?, &self.ids, d);
        let places = contiguous(places, places_layout)?;
        for (at, row) in self.at.iter().zip(out.chunks_exact_mut(d)) {
            let place = &places[*at as usize * d..][..d];
            row.iter_mut().zip(place).for_each(|(x, place)| *x += place);
        }
        let length = self.ids.len() / self.batch.max(1);
        Ok((CpuStorage::F32(out), (self.batch, length, d).into()))
    }

    fn bwd(
        &self,
        table: &Tensor,
        places: &Tensor,
        _out: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let view = view(&gradient);
        let data = view.data()?;
        Ok((give(data, &self.ids, table)?, give(data, &self.at, places)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;
    use candle_core::DType;

    /// By candle's own operations, in the precision of the table.
    fn plain(table: &Tensor, ids: &[u32]) -> Result<Tensor> {
        let rows = Tensor::from_slice(ids, ids.len(), table.device())?;
        table.index_select(&rows, 0)?.reshape((2, ids.len() / 2, table.dim(1)?))
    }

    #[test]
    fn gradients_of_rows_that_are_taken_more_than_once() {
        let ids: Arc<[u32]> = [0, 3, 3, 1, 3, 0].into();
        let offsets: Arc<[u32]> = [1, 0].into();
        gradients(
            &[&[5, 3], &[4, 3]],
            |t| embed(&t[0], &t[1], &ids, &offsets),
            |t| plain(&t[0], &ids)? + plain(&t[1], &[1, 2, 3, 0, 1, 2])?,
        );
        gradients(&[&[5, 3]], |t| gather(&t[0], &ids, 2), |t| plain(&t[0], &ids));
    }

    #[test]
    fn a_row_that_there_is_not_is_an_error() {
        let table = Tensor::zeros((2, 3), DType::F32, &candle_core::Device::Cpu).expect("zeros");
        assert!(gather(&table, &[2].into(), 1).is_err());
    }
}
