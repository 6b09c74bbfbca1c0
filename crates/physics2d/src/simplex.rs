//! One to three differences of vertices, and the point of their hull that is nearest to the origin.
use crate::math::Vec2;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SimplexVertex {
    pub(crate) place_a: Vec2,
    pub(crate) place_b: Vec2,
    /// From A to B.
    pub(crate) difference: Vec2,
    /// Its part in the nearest point.
    pub(crate) weight: f32,
    pub(crate) indices: [usize; 2],
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Simplex {
    vertices: [SimplexVertex; 3],
    pub(crate) count: usize,
}

impl Simplex {
    pub(crate) fn vertices(&self) -> &[SimplexVertex] {
        self.vertices.get(..self.count).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, vertex: SimplexVertex) {
        if let Some(slot) = self.vertices.get_mut(self.count) {
            *slot = vertex;
            self.count += 1;
        }
    }

    pub(crate) fn push_unless(&mut self, vertex: SimplexVertex, unless: bool) {
        if !unless {
            self.push(vertex);
        }
    }

    /// Keeps what the nearest point depends on, and gives it its weights.
    pub(crate) fn solve(&mut self) {
        match self.count {
            2 => self.solve2(),
            3 => self.solve3(),
            _ => {}
        }
    }

    fn keep(&mut self, vertices: [(usize, f32); 2]) {
        let kept = vertices.map(|(index, weight)| SimplexVertex { weight, ..self.vertices[index] });
        [self.vertices[0], self.vertices[1]] = kept;
        self.count = 2;
    }

    fn keep_one(&mut self, index: usize) {
        self.vertices[0] = SimplexVertex { weight: 1.0, ..self.vertices[index] };
        self.count = 1;
    }

    fn solve2(&mut self) {
        let [w1, w2, _] = self.vertices.map(|vertex| vertex.difference);
        let [part1, part2] = parts(w1, w2);
        if part2 <= 0.0 {
            self.keep_one(0);
        } else if part1 <= 0.0 {
            self.keep_one(1);
        } else {
            self.keep(shared([0, 1], [part1, part2]));
        }
    }

    fn solve3(&mut self) {
        let [w1, w2, w3] = self.vertices.map(|vertex| vertex.difference);
        let d12 = parts(w1, w2);
        let d13 = parts(w1, w3);
        let d23 = parts(w2, w3);
        let area = (w2 - w1).cross(w3 - w1);
        let d123 = [area * w2.cross(w3), area * w3.cross(w1), area * w1.cross(w2)];
        let between = |[a, b]: [f32; 2], outside: f32| a > 0.0 && b > 0.0 && outside <= 0.0;
        if d12[1] <= 0.0 && d13[1] <= 0.0 {
            self.keep_one(0);
        } else if between(d12, d123[2]) {
            self.keep(shared([0, 1], d12));
        } else if between(d13, d123[1]) {
            self.keep(shared([0, 2], d13));
        } else if d12[0] <= 0.0 && d23[1] <= 0.0 {
            self.keep_one(1);
        } else if d13[0] <= 0.0 && d23[0] <= 0.0 {
            self.keep_one(2);
        } else if between(d23, d123[0]) {
            // The third first, as in Box2D: the order decides which support is found next.
            self.keep(shared([2, 1], [d23[1], d23[0]]));
        } else {
            let inverse = 1.0 / (d123[0] + d123[1] + d123[2]);
            for (vertex, part) in self.vertices.iter_mut().zip(d123) {
                vertex.weight = part * inverse;
            }
        }
    }

    /// Towards the origin.
    pub(crate) fn search_direction(&self) -> Vec2 {
        let [v1, v2, _] = &self.vertices;
        if self.count == 1 {
            return -v1.difference;
        }
        let along = v2.difference - v1.difference;
        if along.cross(-v1.difference) > 0.0 { along.turning(1.0) } else { along.right() }
    }

    /// The nearest points of A and B.
    pub(crate) fn witnesses(&self) -> (Vec2, Vec2) {
        let [v1, v2, v3] = &self.vertices;
        match self.count {
            1 => (v1.place_a, v1.place_b),
            2 => (v1.weight * v1.place_a + v2.weight * v2.place_a, v1.weight * v1.place_b + v2.weight * v2.place_b),
            _ => {
                let shared = v1.weight * v1.place_a + v2.weight * v2.place_a + v3.weight * v3.place_a;
                (shared, shared)
            }
        }
    }

    /// How large it is.
    pub(crate) fn metric(&self) -> f32 {
        let [v1, v2, v3] = &self.vertices;
        match self.count {
            2 => (v1.difference - v2.difference).length(),
            3 => (v2.difference - v1.difference).cross(v3.difference - v1.difference),
            _ => 0.0,
        }
    }
}

/// How much of the point of a line that is nearest to the origin is of either end, before they add up to 1.
fn parts(from: Vec2, to: Vec2) -> [f32; 2] {
    let along = to - from;
    [to.dot(along), -from.dot(along)]
}

fn shared(indices: [usize; 2], [first, second]: [f32; 2]) -> [(usize, f32); 2] {
    let inverse = 1.0 / (first + second);
    [(indices[0], first * inverse), (indices[1], second * inverse)]
}
