// Never run: what a study writes has to pass the type checker under `strict`.
import { init, make, play, registry, watch } from 'palaestra';
import type { GameRecord, InitOptions, Match, RegistryEntry } from 'palaestra';
import { play as playInline, watch as watchInline } from 'palaestra/inline';
import { make as makeOfFamily } from 'palaestra/inline/classic_control';

export async function study(canvas: HTMLCanvasElement): Promise<GameRecord> {
  const options: InitOptions = { base: 'https://cdn.example/palaestra/' };
  await init(options);
  await init({ locateFile: (path) => `/static/${path}` });
  const entry: RegistryEntry | undefined = registry.get('CartPole-v1');
  const env = await make('CartPole-v1');
  const { reward } = await env.step(1);
  // @ts-expect-error A single agent's reward may be one by agent: it is looked at first.
  const wrong: string = reward;
  // @ts-expect-error There is no such option.
  await init({ bse: '/' });
  await (await makeOfFamily('CartPole-v1')).close();
  return (entry ? playInline : play)({ env: 'CartPole-v1', canvas }).finished.finally(() => console.log(wrong));
}

export async function together(canvas: HTMLCanvasElement, inline: boolean): Promise<number> {
  const game = play({
    env: 'overcooked_ai/cramped_room',
    canvas,
    match: {
      lobby: 'pilot',
      server: 'https://lab.example/',
      transport: 'relay',
      iceServers: [{ urls: 'stun:lab.example' }],
    },
    onMatch: (match: Match) => console.log(match.state, match.partners),
  });
  const spectator = await (inline ? watchInline : watch)({ match: game.match?.id ?? '', canvas });
  const { frames } = await spectator.finished;
  // @ts-expect-error Who watches pauses nothing.
  spectator.pause();
  return frames;
}
