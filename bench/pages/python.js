// The same environment in plain Python under Pyodide, in a Worker: the first message is the first observation.
import { loadPyodide } from '../pyodide/pyodide.mjs';

const [python, source] = await Promise.all([
  loadPyodide({ indexURL: new URL('../pyodide/', import.meta.url).pathname }),
  fetch(new URL('cartpole.py', import.meta.url)).then((response) => response.text()),
]);
python.runPython(source);
const env = python.runPython('env = CartPole(1); env');
const stepMany = python.runPython('lambda actions: step_many(env, actions.to_bytes())');
self.onmessage = ({ data }) => self.postMessage(stepMany(data));
const [observation] = env.reset().toJs();
self.postMessage(observation);
