//! The lines between a board's cells.
use palaestra_env::Scene;
use palaestra_env::scene::Style;
use palaestra_scenery::view::View;

/// The most lines across, and the most down, that are drawn: of more, lines would be all there is to see.
pub(super) const MOST: usize = 16;

/// Draws the lines between so many rows and columns. All lines of a direction are one, to and fro: small, and what joins them
/// lies on the board's edge.
pub(super) fn lines(scene: &mut Scene, view: &View, style: &Style, [rows, columns]: [usize; 2]) {
    let (width, height) = (columns as f64, rows as f64);
    // Every second corner pair is the other way round.
    let far = |corner: usize| corner % 4 == 1 || corner % 4 == 2;
    let down = view.points::<{ 4 * MOST }>(|corner| [(corner / 2 + 1) as f64, if far(corner) { -height } else { 0.0 }]);
    let across =
        view.points::<{ 4 * MOST }>(|corner| [if far(corner) { width } else { 0.0 }, -((corner / 2 + 1) as f64)]);
    for (points, count) in [(down, columns), (across, rows)] {
        if let Some(points) = points.get(..4 * count.saturating_sub(1)).filter(|points| !points.is_empty()) {
            scene.polygon(style, points);
        }
    }
}
