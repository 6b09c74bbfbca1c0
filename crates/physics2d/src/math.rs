//! Vectors, rotations and small matrices in float32. The order of the operations is that of `Common/b2Math.h`: results are
//! compared bit for bit.
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use palaestra_math::glibc::{cos_f32, sin_f32};

use crate::settings::PI;

/// A place, a direction, a velocity, ….
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub struct Vec2 {
    pub x: f32,
    pub y: f32,
}

/// The vector of two numbers.
pub const fn vec2(x: f32, y: f32) -> Vec2 {
    Vec2 { x, y }
}

impl Add for Vec2 {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        vec2(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Vec2 {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        vec2(self.x - other.x, self.y - other.y)
    }
}

impl Neg for Vec2 {
    type Output = Self;
    fn neg(self) -> Self {
        vec2(-self.x, -self.y)
    }
}

impl Mul<Vec2> for f32 {
    type Output = Vec2;
    fn mul(self, vector: Vec2) -> Vec2 {
        vec2(self * vector.x, self * vector.y)
    }
}

impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Vec2 {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Vec2 {
    pub(crate) fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y
    }

    pub(crate) fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    /// The cross product with a scalar on the right: a quarter turn to the right.
    pub(crate) fn right(self) -> Self {
        vec2(self.y, -self.x)
    }

    /// The velocity of a point at `self` from an axis turning at `speed`.
    pub(crate) fn turning(self, speed: f32) -> Self {
        vec2(-speed * self.y, speed * self.x)
    }

    pub(crate) fn length_squared(self) -> f32 {
        self.dot(self)
    }

    pub(crate) fn length(self) -> f32 {
        self.length_squared().sqrt()
    }

    /// The vector of length 1, and the length. One too short to have a direction stays as it is and has length 0.
    pub(crate) fn normalized(self) -> (Self, f32) {
        let length = self.length();
        if length < f32::EPSILON {
            return (self, 0.0);
        }
        (1.0 / length * self, length)
    }

    pub(crate) fn min(self, other: Self) -> Self {
        vec2(min(self.x, other.x), min(self.y, other.y))
    }

    pub(crate) fn max(self, other: Self) -> Self {
        vec2(max(self.x, other.x), max(self.y, other.y))
    }
}

/// The second where they are equal or not to be compared: that decides the sign of a zero.
pub(crate) fn min(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The second where they are equal or not to be compared.
pub(crate) fn max(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

pub(crate) fn clamp(value: f32, low: f32, high: f32) -> f32 {
    max(low, min(value, high))
}

/// A rotation by the angle with this sine and cosine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub struct Rot {
    pub sin: f32,
    pub cos: f32,
}

impl Rot {
    pub(crate) fn new(angle: f32) -> Self {
        Self { sin: sin_f32(angle), cos: cos_f32(angle) }
    }

    pub(crate) fn apply(self, v: Vec2) -> Vec2 {
        vec2(self.cos * v.x - self.sin * v.y, self.sin * v.x + self.cos * v.y)
    }

    pub(crate) fn undo(self, v: Vec2) -> Vec2 {
        vec2(self.cos * v.x + self.sin * v.y, -self.sin * v.x + self.cos * v.y)
    }

    /// This rotation undone after `other`.
    fn undo_rotation(self, other: Self) -> Self {
        Self { sin: self.cos * other.sin - self.sin * other.cos, cos: self.cos * other.cos + self.sin * other.sin }
    }
}

/// From a body's own places to the world's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Transform {
    /// Where the body's origin is.
    pub position: Vec2,
    /// How it is turned.
    pub rotation: Rot,
}

impl Transform {
    /// Of a body turned by `angle` whose mass centre, `local` from its origin, is at `centre`.
    pub(crate) fn about(centre: Vec2, angle: f32, local: Vec2) -> Self {
        let rotation = Rot::new(angle);
        Self { position: centre - rotation.apply(local), rotation }
    }

    /// The world's place of a body's own.
    pub fn apply(self, v: Vec2) -> Vec2 {
        self.rotation.apply(v) + self.position
    }

    pub(crate) fn undo(self, v: Vec2) -> Vec2 {
        self.rotation.undo(v - self.position)
    }

    /// From the places of `other`'s body to those of this one's.
    pub(crate) fn undo_transform(self, other: Self) -> Self {
        Self {
            position: self.rotation.undo(other.position - self.position),
            rotation: self.rotation.undo_rotation(other.rotation),
        }
    }
}

/// A body's way through a step: its mass centre and angle at the begin and at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sweep {
    /// The mass centre in the body's own places.
    pub(crate) local_centre: Vec2,
    pub(crate) centre0: Vec2,
    pub(crate) centre: Vec2,
    pub(crate) angle0: f32,
    pub(crate) angle: f32,
    /// The part of the step that lies before the begin.
    pub(crate) alpha0: f32,
}

impl Sweep {
    /// Where the body is after the part `beta` of the way.
    pub(crate) fn transform(&self, beta: f32) -> Transform {
        let (centre, angle) = self.between(beta);
        Transform::about(centre, angle, self.local_centre)
    }

    /// Lets the way begin later.
    pub(crate) fn advance(&mut self, alpha: f32) {
        let beta = (alpha - self.alpha0) / (1.0 - self.alpha0);
        (self.centre0, self.angle0) = self.between(beta);
        self.alpha0 = alpha;
    }

    /// The same way with the first angle in 0 ..< 2π.
    pub(crate) fn normalized(mut self) -> Self {
        const TURN: f32 = 2.0 * PI;
        let turns = TURN * (self.angle0 / TURN).floor();
        self.angle0 -= turns;
        self.angle -= turns;
        self
    }

    fn between(&self, beta: f32) -> (Vec2, f32) {
        let rest = 1.0 - beta;
        (rest * self.centre0 + beta * self.centre, rest * self.angle0 + beta * self.angle)
    }
}

/// A vector of three numbers: an impulse, and the angular impulse of a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Vec3 {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) z: f32,
}

impl Vec3 {
    pub(crate) fn new(xy: Vec2, z: f32) -> Self {
        Self { x: xy.x, y: xy.y, z }
    }

    pub(crate) fn xy(self) -> Vec2 {
        vec2(self.x, self.y)
    }

    fn dot(self, b: Self) -> f32 {
        self.x * b.x + self.y * b.y + self.z * b.z
    }

    fn cross(self, b: Self) -> Self {
        Self { x: self.y * b.z - self.z * b.y, y: self.z * b.x - self.x * b.z, z: self.x * b.y - self.y * b.x }
    }
}

/// One over it, or 0 as it is.
fn reciprocal_unless_zero(determinant: f32) -> f32 {
    if determinant != 0.0 { 1.0 / determinant } else { determinant }
}

/// Two by two numbers, by columns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Mat22 {
    pub(crate) ex: Vec2,
    pub(crate) ey: Vec2,
}

impl Mat22 {
    pub(crate) fn times(&self, v: Vec2) -> Vec2 {
        vec2(self.ex.x * v.x + self.ey.x * v.y, self.ex.y * v.x + self.ey.y * v.y)
    }

    fn inverse_determinant(&self) -> f32 {
        reciprocal_unless_zero(self.ex.x * self.ey.y - self.ey.x * self.ex.y)
    }

    pub(crate) fn inverse(&self) -> Self {
        let det = self.inverse_determinant();
        Self { ex: vec2(det * self.ey.y, -det * self.ex.y), ey: vec2(-det * self.ey.x, det * self.ex.x) }
    }

    /// What times this matrix is `b`.
    pub(crate) fn solve(&self, b: Vec2) -> Vec2 {
        self.solve_with(self.inverse_determinant(), b)
    }

    fn solve_with(&self, det: f32, b: Vec2) -> Vec2 {
        vec2(det * (self.ey.y * b.x - self.ey.x * b.y), det * (self.ex.x * b.y - self.ex.y * b.x))
    }
}

/// Three by three numbers, by columns, with what solving takes worked out once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Mat33 {
    ex: Vec3,
    ey: Vec3,
    pub(crate) ez: Vec3,
    normal: Vec3,
    inverse_determinant: f32,
    inverse_determinant22: f32,
}

impl Mat33 {
    pub(crate) fn new(ex: Vec3, ey: Vec3, ez: Vec3) -> Self {
        let normal = ey.cross(ez);
        Self {
            ex,
            ey,
            ez,
            normal,
            inverse_determinant: reciprocal_unless_zero(ex.dot(normal)),
            inverse_determinant22: Mat22 { ex: ex.xy(), ey: ey.xy() }.inverse_determinant(),
        }
    }

    /// What times this matrix is `b`.
    pub(crate) fn solve(&self, b: Vec3) -> Vec3 {
        let det = self.inverse_determinant;
        Vec3 {
            x: det * b.dot(self.normal),
            y: det * self.ex.dot(b.cross(self.ez)),
            z: det * self.ex.dot(self.ey.cross(b)),
        }
    }

    /// What times the upper left two by two numbers is `b`.
    pub(crate) fn solve22(&self, b: Vec2) -> Vec2 {
        Mat22 { ex: self.ex.xy(), ey: self.ey.xy() }.solve_with(self.inverse_determinant22, b)
    }
}
