// What many steps returned together: rows that are read when somebody looks at them.
import { manyAgents, manyBlocks, manyCount, manyRewards, manyStride, rowsPerBlock, rowWord } from '../protocol.js';
import { Source } from './source.js';

/**
 * What many steps returned: `{length, rewards, at(index)}`. The steps stay the bytes they came in until they are read.
 *
 * @param {import('./returns.js').ReturnsReader} reader
 * @param {ArrayBuffer[]} message the reply's head, and its parts
 */
export function readMany(reader, [head, ...parts]) {
  const view = new DataView(head);
  const [length, agents, stride, blocks] = [manyCount, manyAgents, manyStride, manyBlocks].map((at) =>
    view.getUint32(at, true),
  );
  const rewards = new Float64Array(head, manyRewards, length * agents);
  const bytes = new Parts(parts);
  const expect = (size) => {
    if (bytes.size !== size) throw new RangeError(`expected ${size} bytes of returns, found ${bytes.size}`);
  };
  if (stride > 0) {
    expect(length * stride);
    return { length, rewards, at: (index) => reader.step(bytes.slice(index * stride, stride)) };
  }
  const lengths = new Uint32Array(head, manyRewards + rewards.byteLength, blocks);
  const ends = [];
  for (const length of lengths) ends.push((ends.at(-1) ?? 0) + length);
  expect(ends.at(-1) ?? 0);
  const rows = new Rows((block) => bytes.slice(ends[block] - lengths[block], lengths[block]));
  return { length, rewards, at: (index) => reader.step(rows.at(index)) };
}

/** Buffers that are one after another; what is taken of them lies within one. */
class Parts {
  constructor(parts) {
    this.parts = parts;
    this.size = 0;
    this.starts = [];
    for (const part of parts) {
      this.starts.push(this.size);
      this.size += part.byteLength;
    }
  }

  slice(at, length) {
    let part = this.starts.length - 1;
    while (part > 0 && this.starts[part] > at) part -= 1;
    return new Uint8Array(this.parts[part], at - this.starts[part], length);
  }
}

/** Reads blocks of rows, each written as what it changes of the one before: crates/rows. Whoever reads one after another reads each once. */
class Rows {
  constructor(block) {
    this.block = block;
    /** The row that is read next, of all blocks; nothing is read of any yet. */
    this.next = Infinity;
    /** The rest of the block that it is in. */
    this.from = new Source(new Uint8Array(0));
    /** The row that was read last, in whole words, and how many bytes of them it has. */
    this.row = new Uint8Array(0);
    this.length = 0;
  }

  at(index) {
    if (index < this.next - 1 || Math.floor(index / rowsPerBlock) !== Math.floor((this.next - 1) / rowsPerBlock)) {
      this.from = new Source(this.block(Math.floor(index / rowsPerBlock)));
      this.row = new Uint8Array(0);
      this.next = index - (index % rowsPerBlock);
    }
    while (this.next <= index) this.read();
    return this.row.subarray(0, this.length);
  }

  read() {
    const { from } = this;
    const bytes = new Uint8Array(from.view.buffer, from.view.byteOffset, from.view.byteLength);
    const length = from.u32();
    const words = Math.ceil(length / rowWord);
    if (words > bytes.length * 255)
      throw new RangeError(`expected a row that fits its block, found one of ${length} bytes`);
    if (length !== this.length || this.row.length !== words * rowWord) {
      const row = new Uint8Array(words * rowWord);
      row.set(this.row.subarray(0, Math.min(this.length, length)));
      [this.row, this.length] = [row, length];
    }
    for (let at = 0; at < words; ) {
      const same = from.u8();
      const changed = from.u8();
      if (same + changed === 0) throw new RangeError('expected words of a row, found none');
      const start = from.take(changed * rowWord);
      this.row.set(bytes.subarray(start, start + changed * rowWord), (at + same) * rowWord);
      at += same + changed;
    }
    this.next += 1;
  }
}
