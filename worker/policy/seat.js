// What a Worker loads besides a family's module when policies sit in seats of its game: worker/environment/boot.js imports it.
import { initSync, SeatPolicy } from './palaestra_policy_module.js';

/**
 * Seats every policy of a list at the environment with these spec's bytes: pairs of an agent's number and its policy.
 *
 * @param {{ module: WebAssembly.Module | ArrayBuffer, observation: string,
 *   list: { agent: number, model: ArrayBuffer, manifest: Uint8Array }[] }} policies
 * @param {Uint8Array} spec
 */
export function seatAll({ module, observation, list }, spec) {
  initSync({ module });
  return list.map(({ agent, model, manifest }) => {
    try {
      return [agent, new SeatPolicy(spec, agent, new Uint8Array(model), manifest, observation)];
    } catch (error) {
      throw new Error(`seats.agent_${agent}: ${error?.message ?? error}`);
    }
  });
}
