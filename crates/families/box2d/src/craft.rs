//! The moon, the lander and its legs as bodies, as `reset` of the reference builds them.
use palaestra_physics2d::{
    Body, BodyId, BodyKind, ContactEvent, FixtureDef, RevoluteJointDef, Shape, Vec2, World, vec2,
};

pub(super) const FPS: f64 = 50.0;
/// Pixels of the reference's window in a metre.
pub(super) const SCALE: f64 = 30.0;
/// The sky's width and height in metres.
pub(super) const WIDTH: f64 = 600.0 / SCALE;
pub(super) const HEIGHT: f64 = 400.0 / SCALE;
/// How high the ground at the pad was meant to be.
pub(super) const PAD_HEIGHT: f64 = HEIGHT / 4.0;
/// From the legs' feet to the lander's origin when it stands.
pub(super) const LEG_DOWN: f64 = 18.0;
/// Corners of the ground.
pub(super) const CHUNKS: usize = 11;

const LANDER: [[f64; 2]; 6] = [[-14.0, 17.0], [-17.0, 0.0], [-17.0, -10.0], [17.0, -10.0], [17.0, 0.0], [14.0, 17.0]];
const LEG_AWAY: f64 = 20.0;
const LEG_HALF_WIDTH: f64 = 2.0;
const LEG_HALF_HEIGHT: f64 = 8.0;
const LEG_SPRING_TORQUE: f32 = 40.0;
/// How far a leg is turned outwards at first.
const LEG_ANGLE: f64 = 0.05;

/// What a collision asks for: the lander, its legs, and all else, which is the ground.
const LANDER_BIT: u16 = 0x10;
const LEG_BIT: u16 = 0x20;
const GROUND_BIT: u16 = 0x01;

/// How high the ground is at the corners, two metres apart.
pub(super) type Ground = [f32; CHUNKS];

/// As it was meant to be at the pad.
pub(super) const FLAT: Ground = [PAD_HEIGHT as f32; CHUNKS];

/// The world, and which of its bodies is which.
pub(super) struct Craft {
    pub(super) world: World,
    lander: BodyId,
    legs: [BodyId; 2],
    /// Whether a leg touches the ground.
    pub(super) landed: [bool; 2],
    /// Whether the lander's body has touched the ground.
    pub(super) crashed: bool,
}

impl Craft {
    /// Over flat ground.
    pub(super) fn new(gravity: f64) -> Self {
        let mut craft = Self {
            world: World::new(vec2(0.0, gravity as f32)),
            lander: BodyId::default(),
            legs: [BodyId::default(); 2],
            landed: [false; 2],
            crashed: false,
        };
        craft.build(&FLAT);
        craft.add_legs();
        craft
    }

    /// Builds everything anew, the lander at the top of the sky.
    pub(super) fn build(&mut self, ground: &Ground) {
        self.world.clear();
        (self.landed, self.crashed) = ([false; 2], false);
        let moon = self.world.create_body(BodyKind::Static, vec2(0.0, 0.0), 0.0);
        let floor = Shape::edge(vec2(0.0, 0.0), vec2(WIDTH as f32, 0.0));
        self.world.create_fixture(moon, &FixtureDef::new(floor));
        for chunk in 0..CHUNKS - 1 {
            let corner = |index: usize| vec2(corner_x(index) as f32, ground[index % CHUNKS]);
            let slope = Shape::edge(corner(chunk), corner(chunk + 1));
            self.world.create_fixture(moon, &FixtureDef { friction: 0.1, ..FixtureDef::new(slope) });
        }
        let top = vec2((WIDTH / 2.0) as f32, HEIGHT as f32);
        self.lander = self.world.create_body(BodyKind::Dynamic, top, 0.0);
        let corners = LANDER.map(|[x, y]| vec2((x / SCALE) as f32, (y / SCALE) as f32));
        if let Some(shape) = Shape::hull(&corners) {
            let hull = FixtureDef {
                density: 5.0,
                friction: 0.1,
                category: LANDER_BIT,
                mask: GROUND_BIT,
                ..FixtureDef::new(shape)
            };
            self.world.create_fixture(self.lander, &hull);
        }
    }

    /// Adds the legs. The reference pushes the lander in between.
    pub(super) fn add_legs(&mut self) {
        let shape = Shape::rectangle((LEG_HALF_WIDTH / SCALE) as f32, (LEG_HALF_HEIGHT / SCALE) as f32);
        let def = FixtureDef { density: 1.0, category: LEG_BIT, mask: GROUND_BIT, ..FixtureDef::new(shape) };
        for (slot, side) in self.legs.iter_mut().zip([-1.0, 1.0]) {
            let place = vec2((WIDTH / 2.0 - side * LEG_AWAY / SCALE) as f32, HEIGHT as f32);
            let leg = self.world.create_body(BodyKind::Dynamic, place, (side * LEG_ANGLE) as f32);
            self.world.create_fixture(leg, &def);
            let [lower_angle, upper_angle] = if side < 0.0 { [0.9 - 0.5, 0.9] } else { [-0.9, -0.9 + 0.5] };
            self.world.create_revolute_joint(&RevoluteJointDef {
                a: self.lander,
                b: leg,
                // pybox2d takes the bodies' angles at this moment where the reference says nothing.
                reference_angle: (side * LEG_ANGLE) as f32,
                anchor_a: vec2(0.0, 0.0),
                anchor_b: vec2((side * LEG_AWAY / SCALE) as f32, (LEG_DOWN / SCALE) as f32),
                lower_angle: lower_angle as f32,
                upper_angle: upper_angle as f32,
                max_motor_torque: LEG_SPRING_TORQUE,
                motor_speed: (0.3 * side) as f32,
            });
            *slot = leg;
        }
    }

    /// One 50th of a second.
    pub(super) fn step(&mut self) {
        self.world.step((1.0 / FPS) as f32, 6 * 30, 2 * 30);
        for ContactEvent { began, a, b } in self.world.events() {
            self.crashed |= *began && [*a, *b].contains(&self.lander);
            for (landed, leg) in self.landed.iter_mut().zip(self.legs) {
                if [*a, *b].contains(&leg) {
                    *landed = *began;
                }
            }
        }
    }

    pub(super) fn lander(&self) -> Option<&Body> {
        self.world.body(self.lander)
    }

    pub(super) fn push(&mut self, push: impl FnMut(&mut Body)) {
        self.world.body_mut(self.lander).into_iter().for_each(push);
    }

    pub(super) fn legs(&self) -> impl Iterator<Item = &Body> {
        self.legs.into_iter().filter_map(|leg| self.world.body(leg))
    }
}

/// Where a corner of the ground is.
pub(super) fn corner_x(index: usize) -> f64 {
    WIDTH / (CHUNKS - 1) as f64 * index as f64
}

/// The lander's outline about its origin, in metres.
pub(super) fn lander_corner(index: usize) -> Vec2 {
    let [x, y] = LANDER[index % LANDER.len()];
    vec2((x / SCALE) as f32, (y / SCALE) as f32)
}

/// A leg's outline about its origin, in metres.
pub(super) fn leg_corner(index: usize) -> Vec2 {
    let (w, h) = ((LEG_HALF_WIDTH / SCALE) as f32, (LEG_HALF_HEIGHT / SCALE) as f32);
    [vec2(-w, -h), vec2(w, -h), vec2(w, h), vec2(-w, h)][index % 4]
}
