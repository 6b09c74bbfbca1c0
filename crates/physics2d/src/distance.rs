//! How far two shapes are apart: Gilbert, Johnson and Keerthi's algorithm (`Collision/b2Distance.cpp`).
use crate::math::{Transform, Vec2};
use crate::shape::Shape;
use crate::simplex::{Simplex, SimplexVertex};

const MAX_ITERATIONS: usize = 20;

/// Two shapes, each where it is.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) a: &'a Shape,
    pub(crate) b: &'a Shape,
    pub(crate) at_a: Transform,
    pub(crate) at_b: Transform,
}

impl Placed<'_> {
    pub(crate) fn vertex(&self, [a, b]: [usize; 2]) -> SimplexVertex {
        let (place_a, place_b) = (self.at_a.apply(self.a.vertex(a)), self.at_b.apply(self.b.vertex(b)));
        SimplexVertex { place_a, place_b, difference: place_b - place_a, weight: 0.0, indices: [a, b] }
    }

    /// The vertices farthest in a direction of B, and against it of A.
    fn support(&self, direction: Vec2) -> SimplexVertex {
        let a = self.a.support(self.at_a.rotation.undo(-direction));
        let b = self.b.support(self.at_b.rotation.undo(direction));
        self.vertex([a, b])
    }
}

/// The vertices that were nearest last time, as a start for the next.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cache {
    metric: f32,
    indices: [[usize; 2]; 3],
    count: usize,
}

impl Cache {
    /// Of A and B, one to three.
    pub(crate) fn indices(&self) -> &[[usize; 2]] {
        self.indices.get(..self.count).unwrap_or_default()
    }

    fn simplex(&self, shapes: &Placed<'_>) -> Simplex {
        let mut simplex = Simplex::default();
        self.indices().iter().for_each(|indices| simplex.push(shapes.vertex(*indices)));
        if simplex.count > 1 {
            let (before, now) = (self.metric, simplex.metric());
            if now < 0.5 * before || 2.0 * before < now || now < f32::EPSILON {
                simplex.count = 0;
            }
        }
        if simplex.count == 0 {
            simplex.push(SimplexVertex { weight: 1.0, ..shapes.vertex([0, 0]) });
        }
        simplex
    }
}

/// The distance between the shapes without their skins.
pub(crate) fn distance(shapes: &Placed<'_>, cache: &mut Cache) -> f32 {
    let mut simplex = cache.simplex(shapes);
    for _ in 0..MAX_ITERATIONS {
        let before = simplex;
        simplex.solve();
        // With three points the origin is inside: the shapes overlap.
        if simplex.count == 3 {
            break;
        }
        let direction = simplex.search_direction();
        if direction.length_squared() < f32::EPSILON * f32::EPSILON {
            break;
        }
        let vertex = shapes.support(direction);
        // One that was there before the solving would lead round in circles.
        let repeated = before.vertices().iter().any(|old| old.indices == vertex.indices);
        simplex.push_unless(vertex, repeated);
        if repeated {
            break;
        }
    }
    let (a, b) = simplex.witnesses();
    cache.metric = simplex.metric();
    cache.count = simplex.count;
    for (cached, vertex) in cache.indices.iter_mut().zip(simplex.vertices()) {
        *cached = vertex.indices;
    }
    (a - b).length()
}
