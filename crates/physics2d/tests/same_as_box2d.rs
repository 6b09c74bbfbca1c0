//! Two scenes of bodies, hinges and edges beside those that pybox2d 2.3.10 played: `make_data.py` made the files.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_physics2d::{
    BodyId, BodyKind, FixtureDef, RevoluteJointDef, Shape, StateSink, StateSource, Vec2, World, vec2,
};

/// Polygons that meet edges and never each other.
fn apart(shape: Shape, density: f32) -> FixtureDef {
    FixtureDef { density, category: 2, mask: 1, ..FixtureDef::new(shape) }
}

fn tumbling() -> (World, Vec<BodyId>) {
    let mut world = World::new(vec2(0.0, -9.8));
    let ground = world.create_body(BodyKind::Static, vec2(0.0, 0.0), 0.0);
    for [x1, y1, x2, y2] in [[-9.0, 6.0, -3.0, 0.5], [-3.0, 0.5, 2.0, 0.0], [2.0, 0.0, 8.0, 5.0]] {
        let edge = Shape::edge(vec2(x1, y1), vec2(x2, y2));
        world.create_fixture(ground, &FixtureDef { friction: 0.4, ..FixtureDef::new(edge) });
    }
    let corners =
        [[0.5, 0.0], [0.3, 0.4], [-0.2, 0.5], [-0.6, 0.1], [-0.3, -0.4], [0.3, -0.5]].map(|[x, y]| vec2(x, y));
    let shapes = [Shape::hull(&corners).unwrap(), Shape::rectangle(0.9, 0.05), Shape::rectangle(0.3, 0.3)];
    let starts = [[-4.0, 8.0, 0.3, 1.0, 0.6, 0.0], [0.0, 6.0, -1.0, 2.0, 0.1, 0.9], [4.0, 12.0, 2.5, 20.0, 0.9, 0.25]];
    let mut throw = |(shape, [x, y, angle, density, friction, restitution]): (Shape, [f32; 6])| {
        let body = world.create_body(BodyKind::Dynamic, vec2(x, y), angle);
        world.create_fixture(body, &FixtureDef { friction, restitution, ..apart(shape, density) });
        body
    };
    let bodies: Vec<BodyId> = shapes.into_iter().zip(starts).map(&mut throw).collect();
    world.body_mut(bodies[0]).unwrap().apply_linear_impulse(vec2(2.0, -60.0), vec2(-4.1, 8.2));
    world.body_mut(bodies[1]).unwrap().apply_linear_impulse(vec2(0.5, -11.0), vec2(0.7, 6.0));
    world.body_mut(bodies[2]).unwrap().apply_force_to_centre(vec2(-9000.0, -30000.0));
    world.body_mut(bodies[2]).unwrap().apply_torque(150.0);
    (world, bodies)
}

fn swinging() -> (World, Vec<BodyId>) {
    let mut world = World::new(vec2(0.0, -9.8));
    let ground = world.create_body(BodyKind::Static, vec2(0.0, 0.0), 0.0);
    world.create_fixture(ground, &FixtureDef::new(Shape::edge(vec2(-3.0, -1.7), vec2(3.0, -1.4))));
    let upper = world.create_body(BodyKind::Dynamic, vec2(0.5, 0.0), 0.0);
    world.create_fixture(upper, &apart(Shape::rectangle(0.5, 0.1), 1.0));
    let lower = world.create_body(BodyKind::Dynamic, vec2(1.4, 0.3), 0.6);
    world.create_fixture(lower, &apart(Shape::rectangle(0.5, 0.06), 3.0));
    let nail = RevoluteJointDef {
        a: ground,
        b: upper,
        reference_angle: 0.0,
        anchor_a: vec2(0.0, 0.0),
        anchor_b: vec2(-0.5, 0.0),
        lower_angle: -2.2,
        upper_angle: 0.4,
        max_motor_torque: 3.0,
        motor_speed: 2.0,
    };
    world.create_revolute_joint(&nail);
    world.create_revolute_joint(&RevoluteJointDef {
        a: upper,
        b: lower,
        reference_angle: 0.6,
        anchor_a: vec2(0.5, 0.0),
        lower_angle: -1.0,
        upper_angle: 0.9,
        max_motor_torque: 6.0,
        motor_speed: -4.0,
        ..nail
    });
    (world, vec![upper, lower])
}

fn body_line(world: &World, body: BodyId) -> String {
    let body = world.body(body).unwrap();
    let (Vec2 { x, y }, velocity) = (body.transform().position, body.velocity());
    let numbers = [x, y, body.angle(), velocity.x, velocity.y, body.angular_velocity()];
    let bits: String = numbers.iter().map(|number| format!("{:08x}", number.to_bits())).collect();
    bits + if body.awake() { "1" } else { "0" }
}

/// Steps the scene through all of the file and compares every bit; gives the file's last line.
fn compare((mut world, bodies): (World, Vec<BodyId>), recorded: &str, iterations: [u32; 2]) -> String {
    let (mut began, mut ended) = (0, 0);
    for (step, expected) in recorded.lines().enumerate() {
        world.step(1.0 / 60.0, iterations[0], iterations[1]);
        began += world.events().iter().filter(|event| event.began).count();
        ended += world.events().iter().filter(|event| !event.began).count();
        let mut found: Vec<String> = bodies.iter().map(|body| body_line(&world, *body)).collect();
        found.extend([began.to_string(), ended.to_string()]);
        assert_eq!(found.join(" "), expected, "step {}", step + 1);
    }
    recorded.lines().last().unwrap().to_owned()
}

#[test]
fn thrown_bodies_bounce_slide_and_come_to_rest_as_in_box2d() {
    let last = compare(tumbling(), include_str!("data/tumbling.txt"), [8, 3]);
    let asleep = last.split(' ').filter(|body| body.len() == 49 && body.ends_with('0')).count();
    assert!(asleep > 0, "nothing fell asleep: {last}");
    let counts: Vec<u32> = last.split(' ').skip(3).map(|count| count.parse().unwrap()).collect();
    assert!(counts.iter().all(|count| *count > 5), "hardly anything touched: {last}");
}

#[test]
fn hinged_links_swing_to_their_limits_and_drag_along_the_ground_as_in_box2d() {
    let last = compare(swinging(), include_str!("data/swinging.txt"), [10, 8]);
    assert!(!last.ends_with(" 0 0"), "nothing touched: {last}");
}

/// A state's parts, and how many of them have been read again.
#[derive(Default)]
struct Parts {
    parts: Vec<u32>,
    read: usize,
}

impl StateSink for Parts {
    fn number(&mut self, value: f32) {
        self.parts.push(value.to_bits());
    }

    fn count(&mut self, value: usize) {
        self.parts.push(value as u32);
    }
}

impl StateSource for Parts {
    type Error = &'static str;

    fn number(&mut self) -> Result<f32, Self::Error> {
        self.read += 1;
        self.parts.get(self.read - 1).map(|bits| f32::from_bits(*bits)).ok_or("cut")
    }

    fn count(&mut self, limit: usize) -> Result<usize, Self::Error> {
        self.read += 1;
        let value = *self.parts.get(self.read - 1).ok_or("cut")? as usize;
        if value < limit { Ok(value) } else { Err("too large") }
    }

    fn impossible(&self) -> Self::Error {
        "impossible"
    }
}

#[test]
fn a_restored_world_goes_on_as_the_saved_one_from_any_step_on() {
    for (built, steps) in [(tumbling as fn() -> (World, Vec<BodyId>), 120), (swinging, 60)] {
        let (mut world, _) = built();
        let saved = |world: &World| {
            let mut parts = Parts::default();
            world.save(&mut parts);
            parts
        };
        for _ in 0..steps {
            let mut state = saved(&world);
            let (mut other, _) = built();
            other.restore(&mut state).unwrap();
            assert_eq!(state.read, state.parts.len());
            assert_eq!(saved(&other).parts, state.parts);
            for world in [&mut world, &mut other] {
                world.step(1.0 / 60.0, 8, 3);
            }
            assert_eq!(world.events(), other.events());
            assert_eq!(saved(&other).parts, saved(&world).parts);
        }
        let mut state = saved(&world);
        state.parts.pop();
        assert_eq!(built().0.restore(&mut state), Err("cut"));
    }
}
