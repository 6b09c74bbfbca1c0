// A page's part of a match, by hand: what crates/protocol/src/together says, for tests of the Worker without the page that comes
// with it.
const ticks = { stepped: 1, shown: 2, began: 3, told: 4, vitals: 5 };
const told = { socketOpen: 1, socketLost: 2, validated: 5, desync: 8, ended: 14 };

/** Bytes of a list of `[type, value]`. */
function bytes(...fields) {
  const sizes = { u8: 1, u16: 2, u32: 4, u64: 8, f64: 8 };
  const parts = fields.map(([type, value]) => {
    if (type === 'block') return [...bytes(['u32', value.length]), ...value];
    if (type === 'raw') return [...value];
    const view = new DataView(new ArrayBuffer(sizes[type]));
    if (type === 'u8') view.setUint8(0, value);
    else if (type === 'u16') view.setUint16(0, value, true);
    else if (type === 'u32') view.setUint32(0, value, true);
    else if (type === 'u64') view.setBigUint64(0, BigInt(value), true);
    else view.setFloat64(0, value, true);
    return [...new Uint8Array(view.buffer)];
  });
  return new Uint8Array(parts.flat());
}

const discrete = (action) => bytes(['u64', action]);
const textBytes = (text) => new TextEncoder().encode(text);

/** A Worker in a seat of a match of two; `plan` has `envId, seat, url, steps, actions` (one per key), `idle` and `operations`. */
export async function seat(modules, plan) {
  const { operations } = plan;
  const worker = new Worker('./worker/boot.js', { type: 'module' });
  const own = { steps: [], pictures: 0, told: [], vitals: 0, ended: undefined, times: [] };
  const replies = [];
  const first = new Promise((done, fail) => {
    worker.onmessage = ({ data }) => (data.spec ? done(data) : fail(new Error(JSON.stringify(data))));
  });
  worker.postMessage({ ...modules, id: 1, make: { envId: plan.envId } });
  await first;
  worker.onmessage = ({ data }) => {
    if (!(data instanceof ArrayBuffer)) {
      own.told.push(data);
      return;
    }
    const view = new DataView(data);
    if (view.getUint8(0) !== 2) {
      replies.push(data);
      return;
    }
    const kind = view.getUint8(1);
    if (kind === ticks.stepped) {
      const actions = view.getUint32(72, true);
      const returns = view.getUint32(76 + actions, true);
      const body = new Uint8Array(data, 72, 4 + actions + 4 + returns + 8);
      own.steps.push(`${view.getUint32(4, true)}:${Array.from(body, (byte) => byte.toString(16)).join('')}`);
      own.times.push(view.getFloat64(8, true));
    } else if (kind === ticks.shown) own.pictures += 1;
    else if (kind === ticks.vitals) own.vitals += 1;
    else if (kind === ticks.told) {
      own.told.push(view.getUint8(2));
      if (view.getUint8(2) === told.ended) own.ended = view.getUint32(4, true);
    }
  };
  let id = 1;
  const ask = async (operation, payload) => {
    id += 1;
    worker.postMessage(
      new Uint8Array([...bytes(['u8', operation], ['u8', 0], ['u16', 0], ['u32', id]), ...payload]).buffer,
    );
    await window.until(`the reply to ${operation}`, () => replies.length > 0, 5000);
    const reply = replies.shift();
    const status = new DataView(reply).getUint8(0);
    if (status !== 0) throw new Error(new TextDecoder().decode(reply.slice(32)));
  };
  const seats = [0, 1].flatMap((at) => {
    const idle = [...bytes(['u16', 1], ['block', discrete(plan.idle)])];
    if (at !== plan.seat) return [4, ...idle];
    const bindings = plan.actions.flatMap((action, code) => [
      ...bytes(['u16', 1], ['u16', code], ['block', discrete(action)]),
    ]);
    return [1, 0, ...bytes(['u16', plan.actions.length]), ...bindings, ...idle];
  });
  const none = 0xffffffffffffffffn;
  // Scenes and hashes; no limit, no snapshots of its own.
  const setup = bytes(['f64', 30], ['u64', 1], ['u64', none], ['u32', 0], ['u8', 5], ['u16', 2], ['raw', seats]);
  await ask(operations.play, setup);
  const match = bytes(
    ['u32', 77],
    ['u8', plan.seat],
    ['u32', 1],
    ['u64', 42],
    ['u32', 1],
    ['u8', 0],
    ['u8', 1],
    ['u32', 0xffffffff],
    ['u32', plan.steps],
    ['f64', 0],
    ['f64', 10_000],
  );
  const network = plan.delay
    ? bytes(['u8', 2], ['raw', floats([plan.delay, 20, 0.1, 0.05, 0.1])], ['u64', 5])
    : bytes(['u8', 0]);
  const rest = bytes(['block', textBytes(plan.url)], ['block', textBytes('{"seat":true}')]);
  await ask(operations.join, new Uint8Array([...match, ...network, ...rest]));
  const hears = (kind, ms = 8000) =>
    window.until(
      () => `news ${kind}, heard ${own.told}`,
      () => own.told.includes(kind),
      ms,
    );
  return {
    own,
    opened: () => hears(told.socketOpen),
    validate: async () => {
      await ask(operations.control, bytes(['u8', 1], ['u32', 1], ['u8', 1]));
      await hears(told.validated);
    },
    start: () => ask(operations.start, bytes(['f64', 200], ['u8', 2])),
    key: (code, down) =>
      ask(
        operations.key,
        bytes(['u8', down ? 1 : 0], ['u8', 0], ['u16', code], ['f64', performance.now()], ['f64', performance.now()]),
      ),
    over: () =>
      window.until(
        () => `the end, after ${own.steps.length}`,
        () => own.ended !== undefined,
        30_000,
      ),
    end: () => worker.terminate(),
  };
}

const floats = (values) => new Uint8Array(new Float32Array(values).buffer);
