// A record that is kept in the browser's database while it grows, so that a tab that is killed loses a fifth of a second at most.
import { BEAT_MS, GONE_MS, stay } from './alive.js';
import { wasClosed } from './store.js';

/** How long after what was kept last the next is looked for; the database takes some milliseconds more. */
const EVERY_MS = 60;
/** How long is waited for a moment in which the page has nothing else to do. */
const IDLE_MS = 40;
/** How often in a row the browser may close its database. */
const MOST_CLOSINGS = 3;

const idle = globalThis.requestIdleCallback ?? ((body) => setTimeout(body, 0));

export class Keeper {
  #store;
  /** How often the database had been closed when it was last looked whether the record is there. */
  #closings;
  #handle;
  #chunks;
  /** What is told of it: see `told` in `index.js`. */
  #tell;
  /** What the database knows of the record beside its pieces. */
  #game;
  #room;
  /** What has been kept: all chunks before this one, and of this one so many bytes. */
  #at = { chunk: 0, offset: 0 };
  /** Chunks that are complete, and kept as they were before they were compressed, in one piece or in several. */
  #loose = new Set();
  #timer;
  /** @type {Promise<void> | undefined} what is being written */
  #writing;
  #over = false;
  /** Whether all of it is written, to its end. */
  #whole = false;
  #stopped = false;
  /** Whether somebody has the record. */
  #taken = false;
  /** Whether nothing more comes once the session is over: nothing is sent any more. */
  #settled = false;
  #rests = false;
  #moved = true;

  constructor({ store, handle, game, room, tell }) {
    this.#store = store;
    this.#closings = store.closings;
    this.#handle = handle;
    this.#chunks = handle.chunks;
    this.#game = { ...game, beat: Date.now(), time: Date.now(), steps: 0, bytes: 0, sent: 0, locks: false };
    this.#room = room;
    this.#tell = tell;
  }

  /** Begins; it goes on by itself. */
  async begin() {
    Object.assign(this.#game, await stay());
    if (this.#stopped) return;
    addEventListener('pagehide', this.#hidden);
    addEventListener('pageshow', this.#shown);
    document.addEventListener('visibilitychange', this.#hidden);
    await this.flush();
    this.#next();
  }

  #next() {
    if (this.#stopped || this.#rests) return;
    if (this.#over && this.#settled && this.#complete()) return this.#rest();
    this.#timer = setTimeout(() => idle(() => this.flush().then(() => this.#next()), { timeout: IDLE_MS }), EVERY_MS);
  }

  /** Keeps what there is; what comes meanwhile is kept the next time. */
  flush() {
    this.#writing ??= this.#insist()
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#writing = undefined;
      });
    return this.#writing;
  }

  /** Whether all there is has been kept, and each chunk in one piece. */
  #complete() {
    return !this.#moved && this.#loose.size === 0 && this.#at.chunk >= this.#chunks.length;
  }

  /** All is kept, and nothing more comes: a page that plays for days holds nothing of its old games. */
  #rest() {
    this.#rests = true;
    this.#unlisten();
    this.#handle = undefined;
    this.#chunks = undefined;
  }

  /** Writes, and opens a database again that the browser has closed. */
  async #insist() {
    for (let closings = 0; !this.#stopped && !this.#rests; closings += 1) {
      try {
        if (this.#closings !== this.#store.closings || this.#wasSilent()) await this.#lookAgain();
        return await this.#write();
      } catch (error) {
        if (!wasClosed(error) || closings === MOST_CLOSINGS) throw error;
      }
    }
  }

  /** Whether others may have taken this tab for gone: its machine slept, say, and what it has to say that it is there are these beats alone. */
  #wasSilent() {
    return !this.#game.locks && Date.now() - this.#game.beat >= GONE_MS;
  }

  /** Begins anew where the record is gone: another page has taken it, or the browser's data were cleared. */
  async #lookAgain() {
    const { closings } = this.#store;
    if (!(await this.#store.game(this.#game.id))) {
      this.#at = { chunk: 0, offset: 0 };
      this.#loose.clear();
      this.#game.bytes = 0;
    }
    this.#moved = true;
    this.#closings = closings;
  }

  async #write() {
    const { pieces, whole, loose, at, steps, replaced } = await this.#pieces();
    const now = Date.now();
    const game = this.#game;
    if (pieces.length === 0 && !this.#moved && (game.locks || now - game.beat < BEAT_MS)) return;
    const more = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
    // True once it is written: what was not is written again, and counted then.
    const come = pieces.length > 0 ? { steps, time: now, bytes: game.bytes + more - replaced } : {};
    game.beat = now;
    this.#moved = false;
    const write = () => this.#store.write({ ...game, ...come }, pieces, whole);
    try {
      await write();
    } catch (error) {
      // The disk may have room for what goes on when what is old is let go of.
      if (error?.name !== 'QuotaExceededError' || !(await this.#room(game))) throw error;
      await write();
    }
    Object.assign(game, come);
    this.#at = at;
    for (const chunk of loose) this.#loose.add(chunk);
    for (const chunk of whole) this.#loose.delete(chunk);
    // What is noted after the end (how much was sent) changes nothing of the record.
    this.#tell({ state: this.#whole ? 'kept' : 'keeping', steps: game.steps });
  }

  /** What has come since: pieces to be written, which chunks are complete with that and which are not yet compressed, how far it is then, how many steps that are, and how many bytes go. */
  async #pieces() {
    const pieces = [];
    const whole = [];
    const loose = [];
    let { chunk, offset } = this.#at;
    let { steps } = this.#game;
    let replaced = 0;
    for (const complete of this.#loose) {
      const blob = this.#chunks.packed(complete);
      if (!blob) continue;
      pieces.push({ chunk: complete, offset: 0, bytes: new Uint8Array(await blob.arrayBuffer()) });
      whole.push(complete);
      replaced += this.#chunks.lengthOf(complete);
    }
    while (chunk < this.#chunks.length) {
      const blob = this.#chunks.packed(chunk);
      if (blob) {
        pieces.push({ chunk, offset: 0, bytes: new Uint8Array(await blob.arrayBuffer()) });
        whole.push(chunk);
        replaced += offset;
      } else {
        // It is being compressed, which what is kept does not wait for: its steps are counted.
        pieces.push({ chunk, offset, bytes: (await this.#chunks.read(chunk)).slice(offset) });
        loose.push(chunk);
      }
      [chunk, offset] = [chunk + 1, 0];
    }
    const settle = this.#settles();
    const open = this.#handle.unsealed(chunk, offset, settle);
    // Without it there are steps that the page has not been given yet.
    if (open) steps = this.#handle.stepsRecorded;
    if (open?.length) {
      pieces.push({ chunk, offset, bytes: open });
      offset += open.length;
    }
    return { pieces, whole, loose, at: { chunk, offset }, steps, replaced };
  }

  /** The latest step waits for its picture before it stands in the record; after a while no picture comes. */
  #settles() {
    const frame = this.#handle.frameNumber;
    const same = this.#frame === frame;
    this.#frame = frame;
    return same && !this.#over;
  }

  #frame;

  /** The session is over, with this header; an environment that a program drove has none. */
  async finish(header) {
    this.#over = true;
    Object.assign(this.#game, { ended: header ?? null, closed: true });
    this.#moved = true;
    // What is being written may have begun before the end.
    await this.#writing;
    await this.flush();
    this.#whole = true;
    if (!this.#stopped) this.#tell({ state: 'kept', steps: this.#game.steps });
  }

  /** Nothing is sent, or no more. */
  settle() {
    this.#settled = true;
  }

  /** So much of its stream has been sent. */
  sent(bytes) {
    this.#game.sent = bytes;
    this.#moved = true;
  }

  get kept() {
    return this.#game.steps;
  }

  /** Somebody has the record: nothing of it stays, also of one that could not be kept to its end. */
  async taken() {
    if (this.#taken) return;
    this.#taken = true;
    const failed = this.#stopped;
    this.#stop();
    await this.#writing;
    await this.#store.remove(this.#game.id).catch(() => {});
    if (!failed) this.#tell({ state: 'taken' });
  }

  #stop() {
    this.#stopped = true;
    this.#unlisten();
  }

  #unlisten() {
    clearTimeout(this.#timer);
    removeEventListener('pagehide', this.#hidden);
    removeEventListener('pageshow', this.#shown);
    document.removeEventListener('visibilitychange', this.#hidden);
  }

  /** What is kept stays as far as it came; the game has nothing to do with it. */
  #fail(error) {
    if (this.#stopped) return;
    this.#stop();
    this.#tell({ state: 'failed', error });
  }

  #hidden = ({ type }) => {
    if (type === 'visibilitychange' && document.visibilityState === 'visible') return;
    this.flush();
  };

  #shown = async ({ persisted }) => {
    if (!persisted || this.#stopped) return;
    try {
      Object.assign(this.#game, await stay());
      await this.#lookAgain();
    } catch (error) {
      this.#fail(error);
    }
  };
}
