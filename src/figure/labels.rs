//! Labels at the ends of lines, moved apart as little as possible.

/// Places for labels that want to be at `wanted`: at least `gap` apart, between `top` and `bottom`,
/// and otherwise as near as possible in the sense of least squares (isotonic regression of what is
/// left of each place after its share of the gaps; Barlow et al., 1972).
pub(super) fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    // Each block holds labels that touch: the sum of what they want, and their number.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (rank, &index) in order.iter().enumerate() {
        blocks.push((wanted[index] - rank as f64 * gap, 1));
        while let [.., before, last] = blocks[..]
            && before.0 / before.1 as f64 >= last.0 / last.1 as f64
        {
            blocks.truncate(blocks.len() - 2);
            blocks.push((before.0 + last.0, before.1 + last.1));
        }
    }
    let highest = (bottom - wanted.len().saturating_sub(1) as f64 * gap).max(top);
    let levels =
        blocks.iter().flat_map(|&(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    let mut places = vec![0.0; wanted.len()];
    for ((rank, &index), level) in order.iter().enumerate().zip(levels) {
        places[index] = level.clamp(top, highest) + rank as f64 * gap;
    }
    places
}

/// Which of `count` labels to show where only `room` have a place: first, last, and evenly between.
pub(super) fn choose(count: usize, room: usize) -> Vec<usize> {
    if count <= room {
        return (0..count).collect();
    }
    let steps = room.max(2) - 1;
    let mut chosen: Vec<usize> = (0..=steps).map(|step| step * (count - 1) / steps).collect();
    chosen.dedup();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_want_to_be() {
        assert_eq!(spread(&[50.0, 10.0, 90.0], 14.0, 0.0, 100.0), [50.0, 10.0, 90.0]);
    }

    #[test]
    fn labels_that_coincide_are_moved_apart_evenly_and_keep_their_order() {
        assert_eq!(spread(&[50.0, 50.0, 50.0], 10.0, 0.0, 100.0), [40.0, 50.0, 60.0]);
        assert_eq!(spread(&[52.0, 48.0], 10.0, 0.0, 100.0), [55.0, 45.0]);
    }

    #[test]
    fn labels_stay_between_top_and_bottom() {
        let places = spread(&[99.0, 100.0, 98.0, 1.0], 10.0, 0.0, 100.0);
        assert!(places.iter().all(|place| (0.0..=100.0).contains(place)));
        let mut sorted = places.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-9), "{places:?}");
    }

    #[test]
    fn of_too_many_labels_the_first_and_the_last_are_shown() {
        let chosen = choose(40, 7);
        assert_eq!((chosen.first(), chosen.last(), chosen.len()), (Some(&0), Some(&39), 7));
        assert_eq!(choose(3, 7), [0, 1, 2]);
    }
}
