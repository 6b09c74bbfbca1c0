// Bytes of the Worker's, read one after another.

/** Bytes, and where reading them has come to. */
export class Source {
  constructor(bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  take(needed) {
    const { at } = this;
    const left = this.view.byteLength - at;
    if (needed > left)
      throw new RangeError(`the bytes end inside a value: expected ${needed} more bytes, found ${left}`);
    this.at = at + needed;
    return at;
  }

  u8() {
    return this.view.getUint8(this.take(1));
  }
  u32() {
    return this.view.getUint32(this.take(4), true);
  }
  f32() {
    return this.view.getFloat32(this.take(4), true);
  }
  f64() {
    return this.view.getFloat64(this.take(8), true);
  }

  i64() {
    const at = this.take(8);
    return this.view.getInt32(at + 4, true) * 4294967296 + this.view.getUint32(at, true);
  }

  /** A typed array of its own memory: what it is read from is used again. */
  elements({ Type, get }, count) {
    const size = Type.BYTES_PER_ELEMENT;
    const at = this.take(count * size);
    if (count * size > SMALL) {
      const start = this.view.byteOffset + at;
      return new Type(this.view.buffer.slice(start, start + count * size));
    }
    const elements = new Type(count);
    for (let i = 0; i < count; i += 1) elements[i] = get(this.view, at + i * size);
    return elements;
  }

  /** A copy: what it is read from is used again. */
  bytes(count) {
    const at = this.take(count);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + at, count).slice();
  }

  finish() {
    const left = this.view.byteLength - this.at;
    if (left > 0) throw new RangeError(`expected the bytes to end with the value, found ${left} more`);
  }
}

/** Typed arrays of at most so many bytes need no buffer of their own in Chromium's engine, and are made in a tenth of the time. */
const SMALL = 64;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes in UTF-8. */
export const textOf = (bytes) => decoder.decode(bytes);
