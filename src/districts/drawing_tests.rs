use super::*;

/// A square of degrees with a jagged east side at `x`, shared point by point with its neighbour.
fn border(x: f64) -> Vec<(f64, f64)> {
    (0..=400).map(|n| (x + f64::from(n % 7) * 0.0003 + f64::from(n % 3) * 0.0001, f64::from(n) * 0.0025)).collect()
}

fn neighbours() -> Vec<(i64, Polygon)> {
    let side = border(1.0);
    let mut west: Vec<(f64, f64)> = vec![(0.0, 1.0), (0.0, 0.0)];
    west.extend(&side);
    let mut east: Vec<(f64, f64)> = vec![(2.0, 0.0), (2.0, 1.0)];
    east.extend(side.iter().rev());
    [west, east].into_iter().zip(1..).map(|(ring, office)| (office, Polygon::new(ring.into(), vec![]))).collect()
}

/// The corners of a path, back as units.
fn corners(data: &str) -> Vec<(i64, i64)> {
    let (mut at, mut corners) = ((0.0, 0.0), Vec::new());
    for part in data.trim_end_matches('z').replace('l', " l").replace('M', " M").split_whitespace().collect::<Vec<_>>().chunks(2)
    {
        let (x, y): (f64, f64) = (part[0][1..].parse().unwrap(), part[1].parse().unwrap());
        at = if part[0].starts_with('M') { (x, y) } else { (at.0 + x, at.1 + y) };
        #[allow(clippy::cast_possible_truncation)]
        corners.push(((at.0 * 10.0_f64).round() as i64, (at.1 * 10.0_f64).round() as i64));
    }
    corners
}

#[test]
fn neighbours_keep_one_border_with_fewer_corners() {
    let drawing = Drawing::of(&neighbours());
    assert_eq!((drawing.width, drawing.districts.len()), (1000, 2));
    assert!((499..=502).contains(&drawing.height), "{}", drawing.height);
    let sides: Vec<Vec<_>> = drawing.districts.iter().map(|(_, data)| corners(data)).collect();
    let inside = |spots: &[Spot]| -> std::collections::BTreeSet<Spot> {
        spots.iter().filter(|(x, _)| (4_000..6_000).contains(x)).copied().collect()
    };
    let (west, east) = (inside(&sides[0]), inside(&sides[1]));
    assert_eq!(west, east, "both sides have the very same border");
    assert!((2..200).contains(&west.len()), "{} of 401 corners are left", west.len());
}

#[test]
fn a_lake_and_its_island_fit_and_specks_are_left_out() {
    let ring = |from: f64, to: f64| vec![(from, from), (to, from), (to, to), (from, to), (from, from)];
    let around = Polygon::new(ring(0.0, 1.0).into(), vec![ring(0.4, 0.6).into()]);
    let island = Polygon::new(ring(0.4, 0.6).into(), vec![]);
    let speck = Polygon::new(ring(0.1, 0.1001).into(), vec![]);
    let drawing = Drawing::of(&[(1, around), (2, island), (1, speck.clone())]);
    assert_eq!(drawing.districts[0].1.matches('M').count(), 2, "the outside and the lake: {}", drawing.districts[0].1);
    let hole: std::collections::BTreeSet<_> = corners(drawing.districts[0].1.split('z').nth(1).unwrap()).into_iter().collect();
    let island: std::collections::BTreeSet<_> = corners(&drawing.districts[1].1).into_iter().collect();
    assert_eq!(hole, island);
    assert!(!Drawing::of(&[(3, speck)]).districts[0].1.is_empty(), "a district of nothing else is drawn");
    assert_eq!(Drawing::of(&[]), Drawing::default());
}

#[test]
fn steps_are_written_short() {
    assert_eq!([0, 5, -5, 120, -125].map(tenths), ["0", "0.5", "-0.5", "12", "-12.5"]);
}
