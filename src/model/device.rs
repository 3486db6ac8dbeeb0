//! Where networks are trained: one choice for the process, made before anything is fitted.
//!
//! It is no part of an experiment: noise is drawn on the host whatever the device. Sums of another
//! device round differently, and so may a result in its last digits.

use std::sync::OnceLock;

/// A kind of device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Device {
    #[default]
    Cpu,
    Cuda,
}

/// Why nothing can be trained there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDevice {
    #[error(
        "this build trains on the CPU alone: where the CUDA toolkit is installed, build it with \
         `cargo build --release --features cuda`"
    )]
    NotBuilt,
    #[error("the GPU cannot be used: {0}")]
    NotThere(String),
}

static CHOSEN: OnceLock<Device> = OnceLock::new();

impl Device {
    pub fn name(self) -> &'static str {
        match self {
            Device::Cpu => "cpu",
            Device::Cuda => "cuda",
        }
    }

    /// Chooses it for the process, once it has been tried; the first choice stays.
    pub fn choose(self) -> Result<(), NoDevice> {
        self.open()?;
        CHOSEN.get_or_init(|| self);
        Ok(())
    }

    pub fn chosen() -> Self {
        CHOSEN.get().copied().unwrap_or_default()
    }

    fn open(self) -> Result<(), NoDevice> {
        match self {
            Device::Cpu => Ok(()),
            #[cfg(feature = "cuda")]
            Device::Cuda => super::neural::device(self.name())
                .map(drop)
                .map_err(|error| NoDevice::NotThere(error.to_string())),
            #[cfg(not(feature = "cuda"))]
            Device::Cuda => Err(NoDevice::NotBuilt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(feature = "cuda"))]
    fn a_build_without_cuda_says_how_to_get_one_and_stays_on_the_cpu() {
        let error = Device::Cuda.choose().unwrap_err();
        assert!(error.to_string().contains("--features cuda"), "{error}");
        assert_eq!(Device::chosen(), Device::Cpu);
    }
}
