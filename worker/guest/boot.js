// How the Worker of an environment in Python boots. The page's first words say where the page is; its next message is that of every
// Worker: the module, its parts, and the environment to make. Python is loaded then, and after that all is as for any environment.
import { initSync, kwargsText, start, takePython } from './palaestra_guest.js';
import { loaded } from './loading.js';

/** The next message. Each is a task of its own: none is lost between two calls. */
const message = () =>
  new Promise((resolve) => {
    self.onmessage = ({ data }) => {
      self.onmessage = null;
      resolve(data);
    };
  });

// An exception in an asynchronous handler reaches no event on the page: pass it on.
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault(); // The page reports it.
  self.postMessage({ fault: `unhandled rejection: ${event.reason?.message ?? event.reason}` });
});

// The module arrived unreadable: ask for its bytes, once.
self.onmessageerror = () => {
  self.onmessageerror = null;
  self.postMessage({ retry: 'bytes' });
};

async function boot() {
  const { base } = await message();
  const data = await message();
  self.onmessageerror = null;
  try {
    const { policies } = data;
    if (policies) {
      const { seatAll } = await import(policies.script);
      data.seat = (spec) => seatAll(policies, spec);
    }
    const module = initSync({ module: data.module });
    for (const part of data.parts ?? []) {
      const compiled = part instanceof WebAssembly.Module ? part : new WebAssembly.Module(part);
      new WebAssembly.Instance(compiled, { p: module });
    }
    const { envId, kwargs } = data.make;
    const options = JSON.parse(kwargsText(kwargs));
    const tell = (progress) => self.postMessage({ envId, progress });
    takePython(await loaded({ envId, options, base, tell }));
    start(data);
  } catch (error) {
    self.postMessage({ id: data.id, code: error.code ?? 'guest_failed', error: String(error?.message ?? error) });
  }
}

boot();
