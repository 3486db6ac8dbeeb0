//! A mixture of spherical normals whose weights, means and standard deviations are all given.
//!
//! p*(x) = Σ_k π_k N(x; μ_k, σ_k² I), π_k in proportion to `weights`.
//! Exact: density and moments; the tail region comes from frozen draws, as of every mixture. Its
//! components count as modes, with balls of three sd, where no two of these balls overlap; else the
//! world has no known modes.
//! Source: the default is the line of Wang, Niu & Li 2026 (arXiv 2602.16065),
//! 0.35 N(−2, 0.8²) + 0.65 N(1, 1.3²).
//! Not to be confused with the family `mixture`, which is fitted to it, or with `blobs`, whose equal
//! components lie at random.

use super::{World, WorldError, describe_covariance};
use crate::distribution::{Distribution, Gaussian, Mode, NormalMixture as Law};
use crate::numeric::bounded::{Finite, NonNegative, Positive};
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use ndarray::Array1;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NormalMixture {
    /// How likely each component is, relative to the others: at least 0, and not all of them 0.
    #[schemars(length(min = 1))]
    pub weights: Vec<NonNegative>,
    /// The mean of each component, one number for each coordinate: [[-2.0], [1.0]] on a line.
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub means: Vec<Vec<Finite>>,
    /// The standard deviation of each component, the same in all coordinates.
    #[schemars(length(min = 1))]
    pub sds: Vec<Positive>,
}

impl Default for NormalMixture {
    fn default() -> Self {
        NormalMixture {
            weights: vec![NonNegative::literal(0.35), NonNegative::literal(0.65)],
            means: vec![vec![Finite::literal(-2.0)], vec![Finite::literal(1.0)]],
            sds: vec![Positive::literal(0.8), Positive::literal(1.3)],
        }
    }
}

impl NormalMixture {
    fn check(&self) -> Result<usize, WorldError> {
        let error = |key, reason, help: &str| {
            Err(WorldError { key: Some(key), reason, help: help.to_owned() })
        };
        let n = self.means.len();
        let d = self.means.first().map_or(0, Vec::len);
        let total: f64 = self.weights.iter().map(|weight| weight.get()).sum();
        let help = "give each component its entry in `weights`, in `means` and in `sds`";
        for (key, given) in [("weights", self.weights.len()), ("sds", self.sds.len())] {
            if given != n {
                return error(key, format!("`{key}` has {given} entries, and `means` {n}"), help);
            }
        }
        if d == 0 {
            let help = "give each component a list of its coordinates, such as [[-2.0], [1.0]]";
            return error("means", "a mean has no coordinate".into(), help);
        }
        if let Some(k) = self.means.iter().position(|mean| mean.len() != d) {
            let other = self.means[k].len();
            let reason = format!("mean {} has {other} coordinates, and the first {d}", k + 1);
            return error("means", reason, "give all means equally many coordinates");
        }
        if !(total > 0.0 && total.is_finite()) {
            let help = "give at least one component a weight above 0, and none beyond 1e300";
            return error("weights", "no component has any weight that counts".into(), help);
        }
        Ok(d)
    }

    fn law(&self) -> Result<Law, WorldError> {
        self.check()?;
        let centre = |mean: &Vec<Finite>| -> Array1<f64> { mean.iter().map(|x| x.get()).collect() };
        let parts = self.means.iter().zip(&self.sds);
        let parts = parts.map(|(mean, sd)| Gaussian::spherical(centre(mean), sd.get().powi(2)));
        let weights = self.weights.iter().map(|weight| weight.get()).collect();
        Ok(Law::new(weights, parts.collect()).with_modes(self.modes().unwrap_or_default()))
    }

    /// The balls of the components that are drawn, where no two of them overlap.
    fn modes(&self) -> Option<Vec<Mode>> {
        let all = self.means.iter().zip(&self.sds).zip(&self.weights);
        let drawn = all.filter(|(_, weight)| weight.get() > 0.0).map(|((mean, sd), _)| Mode {
            centre: mean.iter().map(|x| x.get()).collect(),
            radius: 3.0 * sd.get(),
        });
        let modes: Vec<Mode> = drawn.collect();
        let apart = |a: &Mode, b: &Mode| {
            let between = &a.centre - &b.centre;
            between.dot(&between).sqrt() >= a.radius + b.radius
        };
        let all_apart =
            modes.iter().enumerate().all(|(k, a)| modes[..k].iter().all(|b| apart(a, b)));
        all_apart.then_some(modes)
    }
}

impl World<Points> for NormalMixture {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: self.check()?, image: None, labelled: false })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        Ok(Box::new(self.law()?))
    }

    fn describe(&self, setting: &mut Setting) {
        if let Ok(law) = self.law() {
            describe_covariance(&law, setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    fn read(text: &str) -> NormalMixture {
        toml::from_str(text).expect("legal")
    }

    #[test]
    fn the_default_has_the_moments_and_the_density_worked_out_by_hand() {
        let law = NormalMixture::default().law().expect("legal");
        let moments = law.moments().expect("exact");
        // 0.35·(−2) + 0.65·1; 0.35·0.64 + 0.65·1.69 + 0.35·0.65·3².
        assert!((moments.mean[0] + 0.05).abs() < 1e-15);
        assert!((moments.trace() - (0.224 + 1.0985 + 2.0475)).abs() < 1e-14);
        let density =
            law.density().expect("continuous").ln_density(&Points::from_rows(vec![-2.0], 1));
        let normal = |z: f64, sd: f64| (-0.5 * z * z).exp() / (sd * std::f64::consts::TAU.sqrt());
        let exact = 0.35 * normal(0.0, 0.8) + 0.65 * normal(3.0 / 1.3, 1.3);
        assert!((density[0] - exact.ln()).abs() < 1e-14);
        check::moments_agree(&law, 40_000);
    }

    #[test]
    fn a_plane_of_unequal_components_holds_all_of_its_mass() {
        let world = read("weights = [1, 3]\nmeans = [[-2, 0], [1, 1]]\nsds = [0.5, 1]");
        let law = world.law().expect("legal");
        assert!((check::mass_in_square(&law, 9.0, 300) - 1.0).abs() < 1e-9);
        check::moments_agree(&law, 40_000);
        check::cross_entropy_is_the_grid_entropy(&law, 9.0, 300);
    }

    #[test]
    fn components_are_modes_only_where_their_balls_do_not_overlap() {
        let modes = |means: &str| {
            let world = read(&format!("weights = [1, 1, 0]\nmeans = {means}\nsds = [1, 1, 1]"));
            world.law().expect("legal").modes().map(<[Mode]>::len)
        };
        assert_eq!(modes("[[0], [6], [0]]"), Some(2));
        assert_eq!(modes("[[0], [5.9], [0]]"), None);
        assert_eq!(NormalMixture::default().law().expect("legal").modes(), None);
    }

    #[test]
    fn lists_that_contradict_one_another_are_refused_by_name() {
        let error = |text| read(text).open(Path::new("")).err().expect("illegal");
        let weights = error("weights = [1]");
        assert_eq!(weights.key, Some("weights"));
        assert_eq!(weights.reason, "`weights` has 1 entries, and `means` 2");
        assert_eq!(error("sds = [1, 2, 3]").key, Some("sds"));
        assert_eq!(error("weights = [0, 0]").key, Some("weights"));
        assert_eq!(
            error("means = [[0, 1], [2]]").reason,
            "mean 2 has 1 coordinates, and the first 2"
        );
        assert_eq!(error("means = [[], []]").key, Some("means"));
    }
}
