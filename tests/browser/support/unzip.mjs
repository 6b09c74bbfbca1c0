// The files in a zip, as its directory at the end lists them.
import { crc32, inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const FILE = 0x04034b50;
const DEFLATED = 8;

/** Reads a number of four bytes that has to be this one. */
const signed = (bytes, at, signature) => {
  const found = bytes.readUInt32LE(at);
  if (found !== signature) throw new Error(`at ${at}: expected ${signature.toString(16)}, found ${found.toString(16)}`);
};

/** A zip's files by their paths. Throws for what is none, and for a file whose checksum is another. */
export function unzipped(zip) {
  const bytes = Buffer.from(zip);
  const end = bytes.length - 22;
  signed(bytes, end, END);
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    signed(bytes, at, ENTRY);
    const method = bytes.readUInt16LE(at + 10);
    const [crc, deflated, size] = [16, 20, 24].map((offset) => bytes.readUInt32LE(at + offset));
    const [name, more, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    const file = bytes.readUInt32LE(at + 42);
    signed(bytes, file, FILE);
    const begin = file + 30 + bytes.readUInt16LE(file + 26) + bytes.readUInt16LE(file + 28);
    if (method !== DEFLATED) throw new Error(`${path}: expected method ${DEFLATED}, found ${method}`);
    const content = inflateRawSync(bytes.subarray(begin, begin + deflated));
    if (content.length !== size || crc32(content) !== crc) throw new Error(`${path}: its checksum is another`);
    if (files.has(path)) throw new Error(`${path}: twice`);
    files.set(path, content);
    at += 46 + name + more + comment;
  }
  return files;
}
