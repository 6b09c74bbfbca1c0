"""Plays two scenes on pybox2d 2.3.10 and writes how every body moved: python make_data.py, with the package Box2D.

A line a step, a field a body: place, angle, velocity and angular velocity as the bits of float32 in hexadecimal, and whether
the body is awake; then how many contacts began and ended."""
import pathlib
import struct

import Box2D
from Box2D.b2 import contactListener, edgeShape, fixtureDef, polygonShape, revoluteJointDef

DATA = pathlib.Path(__file__).parent / "data"


class Counting(contactListener):
    def __init__(self):
        contactListener.__init__(self)
        self.began = self.ended = 0

    def BeginContact(self, contact):
        self.began += 1

    def EndContact(self, contact):
        self.ended += 1


def bits(number):
    return struct.pack(">f", number).hex()


def body_line(body):
    numbers = [*body.position, body.angle, *body.linearVelocity, body.angularVelocity]
    return "".join(map(bits, numbers)) + str(int(body.awake))


def write(name, world, bodies, steps, iterations):
    counting = world.contactListener = Counting()
    lines = []
    for _ in range(steps):
        world.Step(1 / 60, *iterations)
        told = f"{counting.began} {counting.ended}"
        lines.append(" ".join(map(body_line, bodies)) + " " + told)
    world.contactListener = None
    (DATA / name).write_text("\n".join(lines) + "\n")


def apart(**kwargs):
    """Polygons that meet edges and never each other."""
    return fixtureDef(categoryBits=2, maskBits=1, **kwargs)


def tumbling():
    """A hexagon, a slab and a heavy box, thrown into a valley, fast enough to go through it but for continuous collision."""
    world = Box2D.b2World(gravity=(0, -9.8))
    ground = world.CreateStaticBody()
    for ends in [[(-9, 6), (-3, 0.5)], [(-3, 0.5), (2, 0)], [(2, 0), (8, 5)]]:
        ground.CreateEdgeFixture(vertices=ends, friction=0.4)
    corners = [(0.5, 0), (0.3, 0.4), (-0.2, 0.5), (-0.6, 0.1), (-0.3, -0.4), (0.3, -0.5)]
    shapes = [polygonShape(vertices=corners), polygonShape(box=(0.9, 0.05)), polygonShape(box=(0.3, 0.3))]
    starts = [((-4, 8), 0.3, 1.0, 0.6, 0.0), ((0, 6), -1.0, 2.0, 0.1, 0.9), ((4, 12), 2.5, 20.0, 0.9, 0.25)]
    bodies = []
    for shape, (position, angle, density, friction, restitution) in zip(shapes, starts):
        fixture = apart(shape=shape, density=density, friction=friction, restitution=restitution)
        bodies.append(world.CreateDynamicBody(position=position, angle=angle, fixtures=fixture))
    bodies[0].ApplyLinearImpulse((2, -60), (-4.1, 8.2), True)
    bodies[1].ApplyLinearImpulse((0.5, -11), (0.7, 6), True)
    bodies[2].ApplyForceToCenter((-9000, -30000), True)
    bodies[2].ApplyTorque(150, True)
    write("tumbling.txt", world, bodies, 400, (8, 3))


def swinging():
    """Two links on a nail, each with a motor and limits, over an edge that the lower one drags along."""
    world = Box2D.b2World(gravity=(0, -9.8))
    ground = world.CreateStaticBody(shapes=edgeShape(vertices=[(-3, -1.7), (3, -1.4)]))
    upper = world.CreateDynamicBody(position=(0.5, 0), fixtures=apart(shape=polygonShape(box=(0.5, 0.1)), density=1.0))
    lower = world.CreateDynamicBody(
        position=(1.4, 0.3), angle=0.6, fixtures=apart(shape=polygonShape(box=(0.5, 0.06)), density=3.0)
    )
    world.CreateJoint(revoluteJointDef(
        bodyA=ground, bodyB=upper, localAnchorA=(0, 0), localAnchorB=(-0.5, 0), enableLimit=True, lowerAngle=-2.2,
        upperAngle=0.4, enableMotor=True, motorSpeed=2.0, maxMotorTorque=3.0,
    ))
    world.CreateJoint(revoluteJointDef(
        bodyA=upper, bodyB=lower, localAnchorA=(0.5, 0), localAnchorB=(-0.5, 0), enableLimit=True, lowerAngle=-1.0,
        upperAngle=0.9, enableMotor=True, motorSpeed=-4.0, maxMotorTorque=6.0, referenceAngle=0.6,
    ))
    write("swinging.txt", world, [upper, lower], 240, (10, 8))


if __name__ == "__main__":
    tumbling()
    swinging()
