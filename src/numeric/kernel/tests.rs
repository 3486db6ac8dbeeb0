use super::*;

/// Runs `work` on every path that this processor has.
fn on_every_path<T>(work: impl Fn() -> T) -> Vec<(Path, T)> {
    let mut paths = vec![Path::Portable];
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            paths.push(Path::Avx2);
        }
        if is_x86_feature_detected!("avx512f") {
            paths.push(Path::Avx512);
        }
    }
    let run = |path| {
        FORCED.set(Some(path));
        let result = (path, work());
        FORCED.set(None);
        result
    };
    paths.into_iter().map(run).collect()
}

/// Numbers without a pattern, between −8 and 8, and a few that are extreme.
fn numbers(n: usize) -> Vec<f64> {
    let scramble = |i: usize| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11;
    let mut all: Vec<f64> = (1..=n).map(|i| scramble(i) as f64 / 2f64.powi(49) - 8.0).collect();
    all.iter_mut().skip(5).step_by(17).for_each(|x| *x *= 40.0);
    all.iter_mut().skip(9).step_by(97).for_each(|x| *x *= 1e160);
    all
}

/// Everything that the kernels of an EM step and of a kernel density make of some numbers.
fn everything(n: usize, d: usize) -> Vec<f64> {
    let rows = numbers(n * d);
    let columns = Columns::new(&rows, d);
    let mean = numbers(d);
    let whiten = numbers(d.next_multiple_of(2) * d);
    let weights = columns.gather(numbers(n).into_iter().map(f64::abs));
    let mut out = Vec::new();
    for (before, chunk) in columns.chunks() {
        let quads = chunk.len() / d;
        let weights = &weights[before..][..quads];
        let mut centred = vec![ZERO; d.next_multiple_of(4) * quads];
        let mut squares = vec![ZERO; 2 * quads];
        let (first, second) = squares.split_at_mut(quads);
        whitened_squares(chunk, &mean, &whiten, &mut centred, first);
        scaled_squares(chunk, &mean, &whiten[..d], second);
        let mut sums = vec![ZERO; quads];
        ln_sum_exp(&squares, &[-1.0, 2.0], &mut sums);
        out.extend_from_slice(sums.as_flattened().as_flattened());
        let mut bound = [0.0; LANES];
        posterior(&mut squares, &[-1.0, 2.0], weights, &mut bound);
        out.extend_from_slice(squares.as_flattened().as_flattened());
        out.push(total(&bound));
        let mut lanes = vec![[0.0; LANES]; 1 + 2 * d + packed(d)];
        first_moments(chunk, &mean, &squares[..quads], &mut lanes[..=d]);
        square_sums(chunk, &mean, &squares[..quads], &mut lanes[d + 1..=2 * d]);
        let scatter = &mut lanes[1 + 2 * d..];
        weighted_scatter(chunk, &mean, &squares[..quads], &mut centred, scatter);
        out.extend(lanes.iter().map(total));
        ln_gaussian_sum(chunk, d, &rows, &rows, 0.7, &mut sums);
        out.extend_from_slice(sums.as_flattened().as_flattened());
        ball_sum(chunk, d, &rows, &rows, 9.0, &mut sums);
        out.extend_from_slice(sums.as_flattened().as_flattened());
    }
    out
}

#[test]
fn all_paths_give_the_same_bits() {
    for (n, d) in [(1, 1), (70, 3), (300, 2), (90, 16)] {
        let runs = on_every_path(|| everything(n, d));
        let bits = |numbers: &[f64]| -> Vec<u64> { numbers.iter().map(|x| x.to_bits()).collect() };
        let unlike = |x: &&f64| x.is_finite() && **x != 0.0;
        assert!(runs[0].1.iter().filter(unlike).count() > n, "the numbers say something");
        for (path, numbers) in &runs[1..] {
            assert!(bits(numbers) == bits(&runs[0].1), "{path:?} differs at n = {n}, d = {d}");
        }
    }
}

#[test]
fn exp_and_ln_have_the_same_bits_on_all_paths() {
    let runs = on_every_path(|| {
        let mut x: Vec<Lane> = (0..4000).map(|i| [-f64::from(i) * 0.187; LANES]).collect();
        exp_of_negatives(&mut x);
        let mut y: Vec<Lane> = (0..4000).map(|i| [1.0 + f64::from(i).powi(3); LANES]).collect();
        ln_of_at_least_one(&mut y);
        (x, y)
    });
    for (path, values) in &runs[1..] {
        assert!(*values == runs[0].1, "{path:?} differs");
    }
}

#[test]
fn a_lone_far_sample_has_finite_responsibilities() {
    let mut squares = [[[3600.0; LANES]; VECTORS], [[1e308 * 10.0; LANES]; VECTORS]];
    squares[0][0][0] = f64::INFINITY;
    squares[0][0][1] = f64::NAN;
    let mut bound = [0.0; LANES];
    posterior(&mut squares, &[0.0, 0.0], &[[[1.0; LANES]; VECTORS]], &mut bound);
    assert_eq!((squares[0][1][0], squares[1][1][0]), (1.0, 0.0));
    assert_eq!((squares[0][0][0], squares[1][0][0]), (0.5, 0.5));
    assert!(
        total(&bound).is_finite() && squares.as_flattened().iter().flatten().all(|x| *x >= 0.0)
    );
}

#[test]
fn kernels_agree_with_plain_loops() {
    let (n, d) = (75, 5);
    let rows: Vec<f64> = numbers(n * d).iter().map(|x| x.clamp(-9.0, 9.0)).collect();
    let columns = Columns::new(&rows, d);
    let mean = vec![0.5; d];
    let weights: Vec<f64> = (0..n).map(|i| (i % 3) as f64).collect();
    let lanes = columns.gather(weights.iter().copied());
    let mut sums = vec![[0.0; LANES]; packed(d)];
    for (before, chunk) in columns.chunks() {
        let quads = chunk.len() / d;
        let mut centred = vec![ZERO; d.next_multiple_of(4) * quads];
        weighted_scatter(chunk, &mean, &lanes[before..][..quads], &mut centred, &mut sums);
    }
    for i in 0..d {
        for j in 0..=i {
            let product = |x: &[f64]| (x[i] - mean[i]) * (x[j] - mean[j]);
            let plain: f64 = rows.chunks(d).zip(&weights).map(|(x, w)| w * product(x)).sum();
            assert!((total(&sums[packed(i) + j]) - plain).abs() < 1e-9);
        }
    }
}
