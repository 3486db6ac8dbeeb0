//! Samples in columns: how kernels read points.

use super::{LANES, QUAD, Quad, ZERO};

/// Numbers of a chunk that should stay in the fastest cache: 16 kB of f64.
const CHUNK: usize = 2048;

/// n × d numbers, cut into chunks of a few dozen samples; in a chunk coordinate follows coordinate,
/// 32 samples ([`Quad`]) at a time. Zeros fill the last quad.
pub struct Columns {
    values: Vec<Quad>,
    n: usize,
    d: usize,
    /// Quads of one coordinate in every chunk but the last.
    depth: usize,
}

impl Columns {
    /// From numbers sample after sample.
    pub fn new(rows: &[f64], d: usize) -> Self {
        let n = rows.len().checked_div(d).unwrap_or(0);
        let depth = (CHUNK / QUAD / d.max(1)).clamp(1, 8);
        let mut columns = Columns { values: vec![ZERO; n.div_ceil(QUAD) * d], n, d, depth };
        for (i, row) in rows.chunks_exact(d.max(1)).enumerate() {
            let (chunk, inside) = (i / (depth * QUAD), i % (depth * QUAD));
            let quads = columns.quads_of(chunk);
            let start = chunk * depth * d + inside / QUAD;
            let (vector, lane) = (inside % QUAD / LANES, inside % LANES);
            for (j, &x) in row.iter().enumerate() {
                columns.values[start + j * quads][vector][lane] = x;
            }
        }
        columns
    }

    pub fn len(&self) -> usize {
        self.n
    }

    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    pub fn dimension(&self) -> usize {
        self.d
    }

    /// Quads of one coordinate in all chunks.
    pub fn quads(&self) -> usize {
        self.n.div_ceil(QUAD)
    }

    /// Quads of one coordinate in the largest chunk.
    pub fn depth(&self) -> usize {
        self.depth.min(self.quads())
    }

    fn quads_of(&self, chunk: usize) -> usize {
        self.depth.min(self.quads() - chunk * self.depth)
    }

    /// The chunks, and the number of quads before each.
    pub fn chunks(&self) -> impl Iterator<Item = (usize, &[Quad])> {
        let chunks = self.values.chunks((self.depth * self.d).max(1));
        chunks.enumerate().map(|(i, chunk)| (i * self.depth, chunk))
    }

    /// A number for each sample, as kernels write them, sample after sample.
    pub fn flatten(&self, quads: &[Quad]) -> Vec<f64> {
        let mut flat = quads.as_flattened().as_flattened().to_vec();
        flat.truncate(self.n);
        flat
    }

    /// A number for each sample, as kernels read them; zeros fill the last quad.
    pub fn gather(&self, numbers: impl Iterator<Item = f64>) -> Vec<Quad> {
        let mut quads = vec![ZERO; self.quads()];
        let places = quads.as_flattened_mut().as_flattened_mut();
        places.iter_mut().zip(numbers.take(self.n)).for_each(|(place, x)| *place = x);
        quads
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_where_its_sample_is() {
        for (n, d) in [(1, 1), (31, 3), (33, 70), (1000, 2), (700, 5)] {
            let rows: Vec<f64> = (0..n * d).map(|i| i as f64).collect();
            let columns = Columns::new(&rows, d);
            let mut seen = 0;
            for (before, chunk) in columns.chunks() {
                let quads = chunk.len() / d;
                for j in 0..d {
                    let column = chunk[j * quads..][..quads].as_flattened().as_flattened();
                    for (i, &x) in column.iter().enumerate() {
                        let sample = before * QUAD + i;
                        let expected = if sample < n { (sample * d + j) as f64 } else { 0.0 };
                        assert_eq!(x, expected);
                        seen += usize::from(sample < n);
                    }
                }
            }
            assert_eq!(seen, n * d);
        }
    }

    #[test]
    fn numbers_of_samples_go_there_and_back() {
        let columns = Columns::new(&[0.0; 70], 2);
        let numbers: Vec<f64> = (0..35).map(f64::from).collect();
        assert_eq!(columns.flatten(&columns.gather(numbers.iter().copied())), numbers);
    }
}
