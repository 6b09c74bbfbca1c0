//! When two moving shapes meet: conservative advancement along separating axes (`Collision/b2TimeOfImpact.cpp`).
use crate::distance::{Cache, Placed, distance};
use crate::math::{Sweep, Transform, Vec2};
use crate::settings::{LINEAR_SLOP, MAX_POLYGON_VERTICES, POLYGON_RADIUS};
use crate::shape::Shape;

const MAX_ITERATIONS: usize = 20;
const MAX_ROOT_ITERATIONS: usize = 50;
/// The skins may overlap by three slops, and the shapes themselves come no nearer than one.
const TARGET: f32 = {
    let overlapping = POLYGON_RADIUS + POLYGON_RADIUS - 3.0 * LINEAR_SLOP;
    if LINEAR_SLOP > overlapping { LINEAR_SLOP } else { overlapping }
};
const TOLERANCE: f32 = 0.25 * LINEAR_SLOP;

/// Two shapes on their way through a step.
pub(crate) struct Moving<'a> {
    pub(crate) a: &'a Shape,
    pub(crate) b: &'a Shape,
    pub(crate) sweep_a: Sweep,
    pub(crate) sweep_b: Sweep,
}

impl Moving<'_> {
    fn at(&self, time: f32) -> Placed<'_> {
        Placed { a: self.a, b: self.b, at_a: self.sweep_a.transform(time), at_b: self.sweep_b.transform(time) }
    }
}

/// The part of the way after which the shapes touch. `None` if they do not, if they overlap from the start, or if the
/// search fails.
pub(crate) fn time_of_impact(moving: &Moving<'_>) -> Option<f32> {
    // Large angles would take the root finder its digits.
    let moving = Moving { sweep_a: moving.sweep_a.normalized(), sweep_b: moving.sweep_b.normalized(), ..*moving };
    let mut time = 0.0;
    let mut cache = Cache::default();
    for _ in 0..MAX_ITERATIONS {
        let placed = moving.at(time);
        let apart = distance(&placed, &mut cache);
        if apart <= 0.0 {
            return None;
        }
        if apart < TARGET + TOLERANCE {
            return Some(time);
        }
        match Axis::new(&cache, &placed).advance(&moving, time) {
            Advance::Apart | Advance::Failed => return None,
            Advance::Touching => return Some(time),
            Advance::To(later) => time = later,
        }
    }
    None
}

/// What an axis says about the rest of the way.
enum Advance {
    /// It keeps the shapes apart to the end.
    Apart,
    /// They overlap on it already.
    Failed,
    /// They touch where they are.
    Touching,
    /// It keeps them apart until then.
    To(f32),
}

/// A direction in which the shapes are apart.
#[derive(Clone, Copy)]
enum Axis {
    /// From a vertex of A to one of B, in the world.
    Points { axis: Vec2 },
    /// Of a face of A, in its own places.
    FaceA { axis: Vec2, point: Vec2 },
    /// Of a face of B, in its own places.
    FaceB { axis: Vec2, point: Vec2 },
}

impl Axis {
    fn new(cache: &Cache, placed: &Placed<'_>) -> Self {
        let indices = cache.indices();
        let first = indices.first().copied().unwrap_or_default();
        let Some(second) = indices.get(1) else {
            let (axis, _) = placed.vertex(first).difference.normalized();
            return Axis::Points { axis };
        };
        if first[0] == second[0] {
            let (axis, point) = face(placed.b, [first[1], second[1]]);
            let axis = towards(axis, point, placed.at_b, placed.at_a.apply(placed.a.vertex(first[0])));
            Axis::FaceB { axis, point }
        } else {
            let (axis, point) = face(placed.a, [first[0], second[0]]);
            let axis = towards(axis, point, placed.at_a, placed.at_b.apply(placed.b.vertex(first[1])));
            Axis::FaceA { axis, point }
        }
    }

    /// The vertices that are nearest on this axis.
    fn deepest(&self, placed: &Placed<'_>) -> [usize; 2] {
        let Placed { a, b, at_a, at_b } = placed;
        match self {
            Axis::Points { axis } => [a.support(at_a.rotation.undo(*axis)), b.support(at_b.rotation.undo(-*axis))],
            Axis::FaceA { axis, .. } => [0, b.support(at_b.rotation.undo(-at_a.rotation.apply(*axis)))],
            Axis::FaceB { axis, .. } => [a.support(at_a.rotation.undo(-at_b.rotation.apply(*axis))), 0],
        }
    }

    /// How far two vertices are apart on this axis.
    fn separation(&self, [a, b]: [usize; 2], placed: &Placed<'_>) -> f32 {
        let place_a = |placed: &Placed<'_>| placed.at_a.apply(placed.a.vertex(a));
        let place_b = |placed: &Placed<'_>| placed.at_b.apply(placed.b.vertex(b));
        match self {
            Axis::Points { axis } => (place_b(placed) - place_a(placed)).dot(*axis),
            Axis::FaceA { axis, point } => from_face(*axis, *point, placed.at_a, place_b(placed)),
            Axis::FaceB { axis, point } => from_face(*axis, *point, placed.at_b, place_a(placed)),
        }
    }

    /// How far the way is free as far as this axis tells, from `start` on.
    fn advance(&self, moving: &Moving<'_>, start: f32) -> Advance {
        let mut end = 1.0;
        for _ in 0..MAX_POLYGON_VERTICES {
            let placed = moving.at(end);
            let indices = self.deepest(&placed);
            let separation = self.separation(indices, &placed);
            if separation > TARGET + TOLERANCE {
                return Advance::Apart;
            }
            if separation > TARGET - TOLERANCE {
                return Advance::To(end);
            }
            let at_start = self.separation(indices, &moving.at(start));
            if at_start < TARGET - TOLERANCE {
                return Advance::Failed;
            }
            if at_start <= TARGET + TOLERANCE {
                return Advance::Touching;
            }
            end = self.root(moving, indices, [(start, at_start), (end, separation)]).unwrap_or(end);
        }
        Advance::To(start)
    }

    /// When two vertices are at the target's distance, between two times with their separations.
    fn root(&self, moving: &Moving<'_>, indices: [usize; 2], bracket: [(f32, f32); 2]) -> Option<f32> {
        let [(mut a1, mut s1), (mut a2, mut s2)] = bracket;
        for iteration in 0..MAX_ROOT_ITERATIONS {
            // The secant converges, halving makes sure of progress.
            let secant = iteration % 2 == 1;
            let time = if secant { a1 + (TARGET - s1) * (a2 - a1) / (s2 - s1) } else { 0.5 * (a1 + a2) };
            let separation = self.separation(indices, &moving.at(time));
            let miss = separation - TARGET;
            // Spelt out for the case that it is no number: no root then, as in Box2D.
            let size = if miss > 0.0 { miss } else { -miss };
            if size < TOLERANCE {
                return Some(time);
            }
            if separation > TARGET {
                (a1, s1) = (time, separation);
            } else {
                (a2, s2) = (time, separation);
            }
        }
        None
    }
}

/// A side's normal and its middle, in the shape's own places.
fn face(shape: &Shape, [from, to]: [usize; 2]) -> (Vec2, Vec2) {
    let (from, to) = (shape.vertex(from), shape.vertex(to));
    let (axis, _) = (to - from).right().normalized();
    (axis, 0.5 * (from + to))
}

/// The axis, turned round if it points away from a place.
fn towards(axis: Vec2, point: Vec2, own: Transform, place: Vec2) -> Vec2 {
    if from_face(axis, point, own, place) < 0.0 { -axis } else { axis }
}

fn from_face(axis: Vec2, point: Vec2, own: Transform, place: Vec2) -> f32 {
    let normal = own.rotation.apply(axis);
    (place - own.apply(point)).dot(normal)
}
