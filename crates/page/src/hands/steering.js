// How far a stick is pushed, or a pointer drawn, as an action: for games whose actions are numbers.
import { controlsOf } from './controls.js';

/** @typedef {(x: number, y: number) => number[]} Steer from −1 (left, up) to 1 (right, down) to an action */

const between = (low, value, high) => Math.min(Math.max(value, low), high);

/**
 * The way from a stick to an action, by the keys: pushed all the way to a side it does what that side's key does, at rest what is done
 * without a key, and between them what lies between. Nothing where actions are no numbers, or no key stands for a way.
 *
 * @param {readonly import('./controls.js').Binding[]} bindings
 * @param {any} space the agent's actions
 * @param {readonly unknown[]} [idle] what is done while no key is down
 * @returns {Steer | undefined}
 */
export function steering(bindings, space, idle = []) {
  if (space?.type !== 'Box') return undefined;
  const size = space.shape.reduce((product, side) => product * side, 1);
  const isAction = (action) => Array.isArray(action) && action.length === size;
  const numbers = bindings.filter(({ action }) => isAction(action));
  const { cross } = controlsOf(numbers);
  const alone = new Map(numbers.map(({ keys, action }) => [keys, /** @type {number[]} */ (action)]));
  const [up, left, right, down] = ['up', 'left', 'right', 'down'].map((way) => alone.get(cross[way]?.code));
  if (!(left && right) && !up) return undefined;
  const rest = /** @type {number[]} */ (idle.find(isAction)) ?? Array.from({ length: size }, () => 0);
  const bound = (bounds, place) => bounds[bounds.length === 1 ? 0 : place];
  return (x, y) =>
    rest.map((still, place) => {
      const towards = (action, share) => (action && share > 0 ? share * (action[place] - still) : 0);
      const value = still + towards(left, -x) + towards(right, x) + towards(up, -y) + towards(down, y);
      return between(bound(space.low, place), value, bound(space.high, place));
    });
}
