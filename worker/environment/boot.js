// How the Worker boots: the page's first message brings the compiled module and its parts (or their bytes, where the browser refuses
// to clone a module), the environment to make, and perhaps policies for seats of its game. From then on the module answers every message itself.
import { importSeat } from './palaestra_seat.js';
import { initSync, start } from './palaestra_worker.js';

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

/** @type {{ script: string, base: string } | undefined} what loads environments in Python, on pages that have some: told first */
let guest;

self.onmessage = async ({ data }) => {
  if (data.guest) {
    guest = data.guest;
    return;
  }
  // A connection of a match: there is no game yet that could have it.
  if (data.seat !== undefined) return;
  self.onmessage = null;
  self.onmessageerror = null;
  try {
    const { policies } = data;
    if (policies) {
      const { seatAll } = await importSeat(policies.script);
      data.seat = (spec) => seatAll(policies, spec);
    }
    const own = guest && data.make.envId.startsWith('guest/') ? await import(guest.script) : { initSync, start };
    const module = own.initSync({ module: data.module });
    // What its environment or its purpose needs besides.
    for (const part of data.parts ?? []) {
      const compiled = part instanceof WebAssembly.Module ? part : new WebAssembly.Module(part);
      new WebAssembly.Instance(compiled, { p: module });
    }
    await own.loaded?.(data, guest);
    own.start(data);
  } catch (error) {
    self.postMessage({ fault: `the Worker could not start: ${error?.message ?? error}` });
  }
};
