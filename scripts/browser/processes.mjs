// What the operating system knows of the browser's processes. The browser's own figures are slow and read too little.
import { readFile } from 'node:fs/promises';
import { withProtocol } from './protocol.mjs';
import { within } from './until.mjs';

/** Whether the figures below are to be had: they come from /proc. */
export const memoryIsReadable = process.platform === 'linux';

/** The process of a page. No call gives it, but a trace begins with a list of frames and their processes. */
export async function rendererProcess(page) {
  return withProtocol(page, async (protocol) => {
    const events = [];
    protocol.on('Tracing.dataCollected', ({ value }) => events.push(...value));
    const complete = new Promise((resolve) => protocol.once('Tracing.tracingComplete', resolve));
    const { frameTree } = await protocol.send('Page.getFrameTree');
    await protocol.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline'], excludedCategories: ['*'] },
    });
    await protocol.send('Tracing.end');
    await within('the trace that names the process of the page', complete);
    const frames = events
      .filter(({ name }) => name === 'TracingStartedInBrowser')
      .flatMap(({ args }) => args.data?.frames ?? []);
    const frame = frames.find(({ frame }) => frame === frameTree.frame.id);
    if (!frame) throw new Error(`the trace names no process of the page ${page.url()}`);
    return frame.processId;
  });
}

/**
 * The memory of a process that is in RAM, in bytes: `resident` is all of it, `anonymous` the part that is no file's (heaps,
 * WebAssembly memories). Rejects if the process is gone.
 */
export async function processMemory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (field) => Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm'))?.[1]) * 1024;
  return { resident: bytes('VmRSS'), anonymous: bytes('RssAnon') };
}
