// Never run: what a study writes has to pass the type checker under `strict`.
import { init, make, play, registry, type GameRecord, type InitOptions, type RegistryEntry } from 'palaestra';
import { play as playInline } from 'palaestra/inline';
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
