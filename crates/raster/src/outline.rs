//! Outlines that tiny-skia does not make by itself.
use palaestra_math::sin_cos;
use resvg::tiny_skia::{Path, PathBuilder, Rect};

const FULL_TURN: f32 = std::f32::consts::TAU;
const QUARTER: f32 = std::f32::consts::FRAC_PI_2;

/// Part of a circle, clockwise from one angle to another as a canvas draws it; with `pie` by way of its middle.
pub(crate) fn arc([x, y]: [f32; 2], radius: f32, [from, to]: [f32; 2], pie: bool) -> Option<Path> {
    let sweep = if to - from >= FULL_TURN { FULL_TURN } else { (to - from).rem_euclid(FULL_TURN) };
    let pieces = (sweep / QUARTER).ceil().max(1.0);
    let step = sweep / pieces;
    // A cubic curve follows an arc of up to a quarter turn to within a 3000th of the radius; this is how far its handles reach.
    let (sine, cosine) = point(step / 4.0);
    let reach = 4.0 / 3.0 * sine / cosine * radius;
    let at = |angle: f32| {
        let (sine, cosine) = point(angle);
        ([x + radius * cosine, y + radius * sine], [-sine * reach, cosine * reach])
    };
    let mut path = PathBuilder::new();
    let ([mut x0, mut y0], mut ahead) = at(from);
    if pie {
        path.move_to(x, y);
        path.line_to(x0, y0);
    } else {
        path.move_to(x0, y0);
    }
    for piece in 1..=pieces as u32 {
        let ([x1, y1], next) = at(from + step * piece as f32);
        path.cubic_to(x0 + ahead[0], y0 + ahead[1], x1 - next[0], y1 - next[1], x1, y1);
        (x0, y0, ahead) = (x1, y1, next);
    }
    path.finish()
}

/// Sine and cosine.
fn point(angle: f32) -> (f32, f32) {
    let (sine, cosine) = sin_cos(f64::from(angle));
    (sine as f32, cosine as f32)
}

/// A rectangle about the origin, its corners rounded.
pub(crate) fn rectangle(width: f32, height: f32, corner: f32) -> Option<Path> {
    let (right, bottom) = (width / 2.0, height / 2.0);
    let corner = corner.min(right).min(bottom);
    if corner <= 0.0 {
        return Rect::from_ltrb(-right, -bottom, right, bottom).map(PathBuilder::from_rect);
    }
    // How far the handles of a quarter circle lie from its ends.
    let near = corner * (1.0 - 0.552_284_8);
    let mut path = PathBuilder::new();
    path.move_to(corner - right, -bottom);
    path.line_to(right - corner, -bottom);
    path.cubic_to(right - near, -bottom, right, near - bottom, right, corner - bottom);
    path.line_to(right, bottom - corner);
    path.cubic_to(right, bottom - near, right - near, bottom, right - corner, bottom);
    path.line_to(corner - right, bottom);
    path.cubic_to(near - right, bottom, -right, bottom - near, -right, bottom - corner);
    path.line_to(-right, corner - bottom);
    path.cubic_to(-right, near - bottom, near - right, -bottom, corner - right, -bottom);
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_goes_clockwise_the_long_way_where_the_end_lies_before_the_start() {
        let short = arc([0.0, 0.0], 1.0, [0.0, QUARTER], false).unwrap().compute_tight_bounds().unwrap();
        assert!(short.left() > -0.01 && short.top() > -0.01 && short.bottom() > 0.99, "{short:?}");
        let long = arc([0.0, 0.0], 1.0, [QUARTER, 0.0], false).unwrap().compute_tight_bounds().unwrap();
        assert!(long.left() < -0.99 && long.top() < -0.99, "{long:?}");
        let whole = arc([5.0, 5.0], 2.0, [1.0, 1.0 + FULL_TURN], false).unwrap().compute_tight_bounds().unwrap();
        assert!((whole.width() - 4.0).abs() < 0.01 && (whole.left() - 3.0).abs() < 0.01, "{whole:?}");
    }

    #[test]
    fn every_point_of_an_arc_lies_at_its_radius() {
        let path = arc([0.0, 0.0], 100.0, [0.3, 2.9], false).unwrap();
        let ends = path.segments().filter_map(|segment| match segment {
            resvg::tiny_skia::PathSegment::CubicTo(_, _, end) => Some(end),
            _ => None,
        });
        for end in ends {
            assert!((end.x * end.x + end.y * end.y - 10_000.0).abs() < 1.0, "{end:?}");
        }
    }

    #[test]
    fn a_corner_is_never_larger_than_half_a_side() {
        let bounds = rectangle(10.0, 4.0, 50.0).unwrap().bounds();
        assert_eq!((bounds.width(), bounds.height()), (10.0, 4.0));
    }
}
