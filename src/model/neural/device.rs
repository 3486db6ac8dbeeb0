//! Where networks are trained, and what the process needs for it.

use super::Error;
use candle_core::Device;

/// The device of this name: `cpu`, or `cuda` in builds with the feature `cuda`.
///
/// On the GPU the fused operations are replaced by candle's own, and the optimiser's step is made on
/// the host; this path has never been compiled or run.
pub fn device(name: &str) -> Result<Device, Error> {
    match name {
        "cpu" => Ok(Device::Cpu),
        #[cfg(feature = "cuda")]
        "cuda" => Ok(Device::new_cuda(0)?),
        other => Err(Error::Device(other.to_owned())),
    }
}

/// Keeps candle on the thread that calls it. To be called first thing in `main`.
///
/// candle counts the processors and starts as many threads, which wait for one another in busy loops,
/// for every sum of two tensors of some size. Trials are what runs in parallel here.
pub fn on_one_thread() {
    for name in ["RAYON_NUM_THREADS", "CANDLE_NUM_THREADS"] {
        if std::env::var_os(name).is_none() {
            // SAFETY: no other thread has started yet, as the documentation demands.
            unsafe { std::env::set_var(name, "1") };
        }
    }
}

/// Lets the allocator keep the memory of tensors instead of giving it back after every one of them.
///
/// Called where a file that names a network is read, so that other experiments keep their memory as
/// small as it was. With glibc, page faults otherwise take half of a small training step.
pub fn reserve() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        const GIBIBYTE: libc::c_int = 1 << 30;
        // SAFETY: these calls only set thresholds of the allocator.
        ONCE.call_once(|| unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, GIBIBYTE);
            libc::mallopt(libc::M_TRIM_THRESHOLD, libc::c_int::MAX);
            libc::mallopt(libc::M_TOP_PAD, 64 << 20);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_device_is_answered_with_those_there_are() {
        assert!(device("cpu").is_ok());
        let error = device("tpu").map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("`tpu`") && error.contains("cpu"));
    }
}
