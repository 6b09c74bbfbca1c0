// What of `palaestra/data` needs no page: see tests/browser/data.test.mjs for the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, toDataPipe } from '../../www/data.js';

/** A record with this file; `requests` are those that were made. */
function sending(t, blob) {
  const requests = [];
  t.mock.method(globalThis, 'fetch', async (url, { body, headers }) => {
    requests.push({ url: String(url), body, headers });
    return new Response('thanks');
  });
  /** @type {any} */
  const record = {
    discarded: false,
    filename: async () => 'X-v0.seed1.3steps.jsonl',
    blob: async () => blob,
    csv: async () => blob,
    discard() {
      this.discarded = true;
    },
  };
  return { record, requests };
}

test('what DataPipe loses is refused by its size in bytes', async (t) => {
  // Two bytes each, and one in UTF-16.
  const { record, requests } = sending(t, new Blob(['é'.repeat(17_000_000)]));
  await assert.rejects(toDataPipe(record, { experimentID: 'x' }), /at most 32000000 bytes, found 340000\d\d/);
  assert.deepEqual([requests.length, record.discarded], [0, false]);
});

test('a file is posted under its whole name, whatever letters that has', async (t) => {
  const { record, requests } = sending(t, new Blob(['a,b\n']));
  for (const filename of ['山田.csv', '鈴木.csv', "it's (1)*.csv", '\ud83d.csv', 'p-7.csv'])
    await post(record, { url: 'https://lab.example/up', format: 'csv', filename });
  assert.deepEqual(
    requests.map(({ headers }) => headers['content-disposition']),
    [
      `attachment; filename="__.csv"; filename*=UTF-8''%E5%B1%B1%E7%94%B0.csv`,
      `attachment; filename="__.csv"; filename*=UTF-8''%E9%88%B4%E6%9C%A8.csv`,
      `attachment; filename="it_s__1__.csv"; filename*=UTF-8''it%27s%20%281%29%2A.csv`,
      `attachment; filename="_.csv"; filename*=UTF-8''%EF%BF%BD.csv`,
      'attachment; filename="p-7.csv"',
    ],
  );
});

test('a record that could not be packed goes under the name of a plain file', async (t) => {
  const endings = { 'application/jsonl': /steps\.\w+\.jsonl"$/, 'application/gzip': /steps\.\w+\.jsonl\.gz"$/ };
  for (const [type, ending] of Object.entries(endings)) {
    const { record, requests } = sending(t, new Blob(['{}\n'], { type }));
    await post(record, { url: 'https://lab.example/up' });
    assert.match(requests[0].headers['content-disposition'], ending);
    t.mock.restoreAll();
  }
});
