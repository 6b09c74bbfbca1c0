// How the Worker boots: the page's first message brings the compiled module and its parts (or their bytes, where the browser refuses
// to clone a module) and the environment to make. From then on the module answers every message itself.
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

self.onmessage = ({ data }) => {
  self.onmessage = null;
  self.onmessageerror = null;
  try {
    const module = initSync({ module: data.module });
    // What its environment or its purpose needs besides.
    for (const part of data.parts ?? []) {
      const compiled = part instanceof WebAssembly.Module ? part : new WebAssembly.Module(part);
      new WebAssembly.Instance(compiled, { p: module });
    }
    start(data);
  } catch (error) {
    self.postMessage({ fault: `the Worker could not start: ${error?.message ?? error}` });
  }
};
