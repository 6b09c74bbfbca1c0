// The browser's database: what is kept of records that nobody has taken yet. A record's pieces are stretches of its chunks, each by the
// chunk's number and where in it the piece begins; a chunk that is complete is one piece, gzipped.

const NAME = 'palaestra';
const VERSION = 1;
/** How long the database may take to open, and for one thing that is asked of it. A blocked one never answers. */
const OPEN_MS = 5000;
const ANSWER_MS = 10_000;

/** @typedef {{ chunk: number, offset: number, bytes: Uint8Array }} Piece */

/** Everything of a record's chunk, or of a record. */
const piecesOf = (id, chunk) =>
  chunk === undefined
    ? IDBKeyRange.bound([id], [id, Infinity, Infinity])
    : IDBKeyRange.bound([id, chunk], [id, chunk, Infinity]);

const named = (name, message) => Object.assign(new Error(message), { name });

/** Waits for what a database may never say. */
function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(named('TimeoutError', `${what}: expected an answer within ${ms} ms, found none`)),
      ms,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** What fails where a browser closes its database under a page: WebKit does so behind one in the background, and whoever clears a site's data. */
const CLOSED = ['AbortError', 'InvalidStateError', 'UnknownError'];
export const wasClosed = (error) => CLOSED.includes(error?.name);

export class Store {
  /** @type {Promise<IDBDatabase> | undefined} */
  #opening;
  /** @type {IDBDatabase | undefined} */
  #database;
  /** @type {Error | undefined} why the database went away for good */
  #lost;
  /** How often the browser has closed it: it is opened again, and may be empty then. */
  closings = 0;

  /** @returns {Promise<IDBDatabase>} */
  #open() {
    this.#opening ??= this.#begin().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #begin() {
    // Where storage is denied, even looking at it throws; in some frames it is null.
    const factory = globalThis.indexedDB;
    if (!factory) throw named('NotSupportedError', 'this browser, or this frame, has no IndexedDB');
    const request = factory.open(NAME, VERSION);
    let late = false;
    request.onupgradeneeded = () => {
      request.result.createObjectStore('games', { keyPath: 'id' });
      request.result.createObjectStore('pieces');
    };
    const opened = answer(request).then((database) => {
      if (late) database.close();
      return database;
    });
    const database = await within(OPEN_MS, 'IndexedDB', opened).catch((error) => {
      late = true;
      throw error;
    });
    database.onversionchange = () => {
      // It waits until this one lets go.
      this.#lost = named('VersionError', 'IndexedDB: another tab has a newer version');
      database.close();
    };
    database.onclose = () => this.#close(database);
    this.#database = database;
    return database;
  }

  /** Lets go of a database that is closed, or may be. */
  #close(database) {
    if (this.#database !== database) return;
    this.#database = undefined;
    this.#opening = undefined;
    this.closings += 1;
    database.close();
  }

  /** What changes nothing if it is done twice, once more where the browser had closed the database. @returns {Promise<any>} @param {(games: IDBObjectStore, pieces: IDBObjectStore) => unknown} body @param {IDBTransactionMode} mode */
  #repeat(mode, body) {
    return this.#transact(mode, body).catch((error) => {
      if (this.#lost || !wasClosed(error)) throw error;
      return this.#transact(mode, body);
    });
  }

  /** @returns {Promise<any>} @param {(games: IDBObjectStore, pieces: IDBObjectStore) => unknown} body @param {IDBTransactionMode} mode */
  async #transact(mode, body) {
    if (this.#lost) throw this.#lost;
    const database = await this.#open();
    try {
      const transaction = database.transaction(['games', 'pieces'], mode, { durability: 'relaxed' });
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () =>
          reject(transaction.error ?? named('AbortError', 'IndexedDB: a transaction was aborted'));
      });
      const result = Promise.resolve(body(transaction.objectStore('games'), transaction.objectStore('pieces')));
      result.catch(() => {});
      if (mode === 'readwrite') transaction.commit?.();
      await within(ANSWER_MS, 'IndexedDB', done);
      return await result;
    } catch (error) {
      // It may be told of only after this, or never.
      if (wasClosed(error)) this.#close(database);
      throw error;
    }
  }

  /**
   * Writes what has come of a record, all of it or nothing. `whole` are chunks of which there is only this one piece now.
   *
   * @param {{ id: string }} game
   * @param {Piece[]} pieces
   * @param {number[]} [whole]
   */
  write(game, pieces, whole = []) {
    return this.#transact('readwrite', (games, kept) => {
      for (const chunk of whole) kept.delete(piecesOf(game.id, chunk));
      for (const { chunk, offset, bytes } of pieces) kept.put(bytes, [game.id, chunk, offset]);
      games.put(game);
    });
  }

  /** What is known of every record that is kept. @returns {Promise<any[]>} */
  games() {
    return this.#repeat('readonly', (games) => answer(games.getAll()));
  }

  /** What is known of one; none where it is gone. @returns {Promise<any>} */
  game(id) {
    return this.#repeat('readonly', (games) => answer(games.get(id)));
  }

  /** @returns {Promise<Piece[]>} those of a record, in order */
  pieces(id) {
    return this.#repeat('readonly', async (_, kept) => {
      const [keys, bytes] = await Promise.all([
        answer(kept.getAllKeys(piecesOf(id))),
        answer(kept.getAll(piecesOf(id))),
      ]);
      return keys.map(([, chunk, offset], index) => ({ chunk, offset, bytes: bytes[index] }));
    });
  }

  remove(id) {
    return this.#repeat('readwrite', (games, kept) => {
      kept.delete(piecesOf(id));
      games.delete(id);
    });
  }
}
