//! The parameters of a network as plain numbers, and as the bytes of a checkpoint.
//!
//! A checkpoint is a safetensors file of f32: names in order, and the architecture as JSON under
//! `architecture` in its metadata.

use super::Error;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::{BTreeMap, HashMap};

/// One parameter's numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}

/// All parameters by name.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Weights {
    arrays: BTreeMap<String, Array>,
}

impl FromIterator<(String, Array)> for Weights {
    fn from_iter<I: IntoIterator<Item = (String, Array)>>(all: I) -> Self {
        Weights { arrays: all.into_iter().collect() }
    }
}

impl Weights {
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Array)> {
        self.arrays.iter()
    }

    /// The numbers of one parameter.
    ///
    /// # Panics
    /// If there is none of this name: weights always come from the network's own list.
    pub fn get(&self, name: &str) -> &[f32] {
        &self.arrays[name].data
    }

    /// The number of all numbers.
    pub fn count(&self) -> usize {
        self.arrays.values().map(|array| array.data.len()).sum()
    }

    pub fn is_finite(&self) -> bool {
        self.arrays.values().all(|array| array.data.iter().all(|x| x.is_finite()))
    }

    /// The names and shapes, to compare.
    pub fn layout(&self) -> Vec<(&str, &[usize])> {
        let names = self.arrays.keys().map(String::as_str);
        names.zip(self.arrays.values().map(|array| array.shape.as_slice())).collect()
    }

    /// A checkpoint.
    pub fn to_bytes(&self, architecture: &str) -> Result<Vec<u8>, Error> {
        let broken = |error: safetensors::SafeTensorError| Error::Checkpoint(error.to_string());
        let bytes: Vec<(&String, &Array, Vec<u8>)> = self
            .arrays
            .iter()
            .map(|(name, array)| {
                (name, array, array.data.iter().flat_map(|x| x.to_le_bytes()).collect())
            })
            .collect();
        let mut views = Vec::with_capacity(bytes.len());
        for (name, array, bytes) in &bytes {
            let view = TensorView::new(Dtype::F32, array.shape.clone(), bytes).map_err(broken)?;
            views.push((name.as_str(), view));
        }
        let metadata = HashMap::from([("architecture".to_owned(), architecture.to_owned())]);
        safetensors::serialize(views, Some(metadata)).map_err(broken)
    }

    /// The weights of a checkpoint, and its architecture.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, String), Error> {
        let broken = |error: safetensors::SafeTensorError| Error::Checkpoint(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let architecture =
            metadata.metadata().as_ref().and_then(|map| map.get("architecture")).cloned();
        let architecture =
            architecture.ok_or_else(|| Error::Checkpoint("it names no architecture".into()))?;
        let mut arrays = BTreeMap::new();
        for (name, view) in SafeTensors::deserialize(bytes).map_err(broken)?.tensors() {
            if view.dtype() != Dtype::F32 {
                let kind = view.dtype();
                return Err(Error::Checkpoint(format!("`{name}` is {kind:?}, not F32")));
            }
            let (numbers, _) = view.data().as_chunks::<4>();
            let data = numbers.iter().map(|four| f32::from_le_bytes(*four)).collect();
            arrays.insert(name, Array { shape: view.shape().to_vec(), data });
        }
        Ok((Weights { arrays }, architecture))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Weights {
        let array =
            |shape: &[usize], data: &[f32]| Array { shape: shape.into(), data: data.into() };
        let b = ("b".to_owned(), array(&[2, 1], &[1.0, f32::MIN_POSITIVE]));
        Weights::from_iter([b, ("a".to_owned(), array(&[3], &[0.1, -2.0, 3.0]))])
    }

    #[test]
    fn what_was_stored_comes_back_with_its_architecture() {
        let bytes = some().to_bytes("{\"width\":3}").expect("bytes");
        assert_eq!(Weights::from_bytes(&bytes), Ok((some(), "{\"width\":3}".to_owned())));
        assert_eq!(bytes, some().to_bytes("{\"width\":3}").expect("the same bytes"));
    }

    #[test]
    fn bytes_that_are_no_checkpoint_are_an_error() {
        assert!(matches!(Weights::from_bytes(b"no"), Err(Error::Checkpoint(_))));
        let bytes = some().to_bytes("x").expect("bytes");
        assert!(Weights::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
