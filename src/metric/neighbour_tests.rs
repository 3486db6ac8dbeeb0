use super::*;

fn line(values: &[f64]) -> Points {
    Points::from_rows(values.to_vec(), 1)
}

#[test]
fn a_ball_reaches_to_the_kth_other_point_and_counts_ties() {
    let balls = Balls::of(&line(&[0.0, 1.0, 3.0, 3.0, 7.0]), 2).expect("more than two points");
    assert_eq!(balls.squares, [9.0, 4.0, 4.0, 4.0, 16.0]);
    // Others within: 3, 3 (0 is at 1, both 3 at 2), 2, 2, 2.
    assert_eq!(balls.crowd, 12.0 / 5.0);
}

#[test]
fn too_few_points_have_no_balls() {
    assert!(Balls::of(&line(&[1.0, 2.0]), 2).is_none());
    assert!(Overlap::between(&line(&[1.0, 2.0]), &line(&[1.0]), 2).is_none());
    let one = Overlap::between(&line(&[1.0, 2.0, 4.0]), &line(&[1.5]), 2).expect("real balls");
    assert_eq!((one.precision(), one.recall()), (1.0, None));
}

#[test]
fn a_point_mass_has_precision_one_and_recall_nothing() {
    let real = line(&(0..100).map(f64::from).collect::<Vec<_>>());
    let overlap = Overlap::between(&real, &line(&[50.2; 40]), 5).expect("enough points");
    assert_eq!((overlap.precision(), overlap.recall()), (1.0, Some(0.0)));
    assert!(overlap.coverage() < 0.1);
}

#[test]
fn equal_sets_score_one_even_if_all_points_repeat() {
    for set in [vec![2.0; 30], (0..30).map(|i| f64::from(i % 5)).collect()] {
        let overlap = Overlap::between(&line(&set), &line(&set), 5).expect("enough points");
        let scores = (overlap.precision(), overlap.recall(), overlap.coverage());
        assert_eq!(scores, (1.0, Some(1.0), 1.0));
    }
}

#[test]
fn what_is_infinitely_far_is_in_no_ball() {
    let real = line(&[0.0, 1.0, 2.0]);
    let huge = line(&[1e200, -1e200, 3e200, 5e200]);
    let overlap = Overlap::between(&real, &huge, 2).expect("enough points");
    assert_eq!((overlap.precision(), overlap.recall()), (0.0, Some(0.0)));
}
