pub mod analysis;
pub mod archive;
pub mod figure;
pub mod numeric;
pub mod report;
pub mod theory;
