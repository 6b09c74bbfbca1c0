import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { serve } from './serve.mjs';

describe('the static server', () => {
  let folder;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palaestra-serve-'));
    await mkdir(join(folder, 'site/demo'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'site/index.html'), 'home');
    await writeFile(join(folder, 'site/demo/index.html'), 'demo');
    await writeFile(join(folder, 'site/module.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d]));
    await writeFile(join(folder, 'site/code.js'), 'export {};');
    await writeFile(join(folder, 'site/big.js'), 'big();');
    await writeFile(join(folder, 'site/big.js.br'), brotliCompressSync('big();'));
    await writeFile(join(folder, 'site/big.js.gz'), gzipSync('big();'));
    await writeFile(join(folder, 'site/record.jsonl.gz'), gzipSync('{}'));
    await writeFile(join(folder, 'site/types.d.ts'), 'export {};');
    await writeFile(join(folder, 'site/picture.svg'), '<svg/>');
    await writeFile(join(folder, 'site/data.json'), '{}');
    await writeFile(join(folder, 'site/odd.zzz'), '?');
    await mkdir(join(folder, 'site/.git'));
    await writeFile(join(folder, 'site/.git/config'), 'secret');
    await mkdir(join(folder, 'site/.well-known'));
    await writeFile(join(folder, 'site/.well-known/security.txt'), 'fine');
    await symlink('code.js', join(folder, 'site/inside.js'));
    await symlink('../secret.txt', join(folder, 'site/outside.txt'));
    await symlink('..', join(folder, 'site/up'));
    await writeFile(join(folder, 'site/plain.js'), 'plain();');
    await symlink('../secret.txt', join(folder, 'site/plain.js.br'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const open = async (t, options = {}) => {
    const site = await serve({ root: join(folder, 'site'), ...options });
    t.after(() => site.close());
    return site;
  };

  /**
   * A request as it is written: `fetch` would tidy the path first.
   *
   * @param {{ port: number }} site
   * @param {string} path
   * @param {Record<string, string>} [headers] with `method` among them
   */
  const raw = (site, path, { method = 'GET', ...headers } = {}) =>
    new Promise((answered, failed) => {
      const asked = request({ host: '127.0.0.1', port: site.port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => answered({ status: response.statusCode, headers: response.headers, body }));
      });
      asked.once('error', failed);
      asked.end();
    });

  test('gives files their media types, which browsers insist on', async (t) => {
    const site = await open(t);
    const types = {
      'module.wasm': 'application/wasm',
      'code.js': 'text/javascript; charset=utf-8',
      'types.d.ts': 'text/plain; charset=utf-8',
      'picture.svg': 'image/svg+xml',
      'data.json': 'application/json',
      'record.jsonl.gz': 'application/gzip',
      'odd.zzz': 'application/octet-stream',
      '': 'text/html; charset=utf-8',
    };
    for (const [path, type] of Object.entries(types)) {
      const response = await fetch(`${site.url}${path}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), type);
    }
  });

  test('sends the isolation headers with every answer, errors included', async (t) => {
    const site = await open(t);
    for (const path of ['code.js', 'nothing.js']) {
      const { headers } = await fetch(`${site.url}${path}`);
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-embedder-policy'), 'require-corp');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('cache-control'), 'no-cache');
    }
  });

  test('sends no isolation headers when told so', async (t) => {
    const site = await open(t, { isolation: false });
    const { headers } = await fetch(site.url);
    assert.equal(headers.get('cross-origin-opener-policy'), null);
    assert.equal(headers.get('cross-origin-embedder-policy'), null);
  });

  test('answers a folder with its index, at an address that ends with a slash', async (t) => {
    const site = await open(t);
    const { status, headers } = await raw(site, '/demo');
    assert.equal(status, 301);
    assert.equal(headers.location, '/demo/');
    // Who was sent to a study is known by what follows the path.
    assert.equal((await raw(site, '/demo?ID=a%20b&c=/d?')).headers.location, '/demo/?ID=a%20b&c=/d?');
    assert.equal((await raw(site, '/demo/')).body, 'demo');
  });

  test('gives nothing from outside its folder', async (t) => {
    const site = await open(t);
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/demo/..%2f..%2fsecret.txt',
      '/%00',
      '/%zz',
      '//../secret.txt',
    ]) {
      const { status, body } = await raw(site, path);
      assert.ok(status === 400 || status === 404, `${path}: ${status}`);
      assert.ok(!body.includes('secret\n') && body !== 'secret');
    }
  });

  test('gives nothing from outside its folder that a link in it leads to, and what a link within it leads to', async (t) => {
    const site = await open(t);
    for (const path of ['/outside.txt', '/up/secret.txt', '/up/']) {
      const { status, body } = await raw(site, path);
      assert.deepEqual([status, body.includes('secret\n') || body === 'secret'], [404, false], path);
    }
    assert.equal((await raw(site, '/inside.js')).body, 'export {};');
    const { body } = await raw(site, '/plain.js', { 'accept-encoding': 'br' });
    assert.doesNotMatch(body, /secret/);
  });

  test('gives no file whose name begins with a dot, but what is meant for everybody', async (t) => {
    const site = await open(t);
    assert.equal((await raw(site, '/.git/config')).status, 404);
    assert.equal((await raw(site, '/.well-known/security.txt')).body, 'fine');
  });

  test('serves what is compressed beforehand to whoever takes it, with the type of what it holds', async (t) => {
    const site = await open(t);
    const seen = {};
    for (const accepted of ['br', 'gzip', 'gzip, deflate, br', 'identity', '']) {
      const { headers } = await raw(site, '/big.js', { 'accept-encoding': accepted });
      assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
      assert.equal(headers.vary, 'Accept-Encoding');
      seen[accepted] = headers['content-encoding'];
    }
    assert.deepEqual(seen, { br: 'br', gzip: 'gzip', 'gzip, deflate, br': 'br', identity: undefined, '': undefined });
    const response = await fetch(`${site.url}big.js`);
    assert.deepEqual([response.headers.get('content-encoding'), await response.text()], ['gzip', 'big();']);
    assert.equal(
      (await raw(site, '/code.js', { 'accept-encoding': 'br, gzip' })).headers['content-encoding'],
      undefined,
    );
  });

  test('gives a compressed file that is asked for by its own name as it is', async (t) => {
    const site = await open(t);
    const response = await fetch(`${site.url}record.jsonl.gz`);
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer()).slice(0, 2)], [0x1f, 0x8b]);
  });

  test('answers that nothing has changed to whoever has the file, until it changes', async (t) => {
    const site = await open(t);
    const file = join(folder, 'site/changing.js');
    await writeFile(file, 'one();');
    const { etag } = (await raw(site, '/changing.js')).headers;
    const again = await raw(site, '/changing.js', { 'if-none-match': etag });
    assert.deepEqual([again.status, again.body, again.headers['cache-control']], [304, '', 'no-cache']);
    await writeFile(file, 'two();');
    await utimes(file, 1, 1);
    const changed = await raw(site, '/changing.js', { 'if-none-match': etag });
    assert.deepEqual([changed.status, changed.body], [200, 'two();']);
  });

  test('sends the headers that it is given with every answer', async (t) => {
    const site = await open(t, { headers: { 'content-security-policy': "default-src 'self'" } });
    for (const path of ['code.js', 'nothing.js']) {
      assert.equal((await fetch(`${site.url}${path}`)).headers.get('content-security-policy'), "default-src 'self'");
    }
  });

  test('keeps no list of what it answered unless told so', async (t) => {
    const site = await open(t);
    await fetch(site.url);
    assert.equal(site.requests, undefined);
  });

  test('answers HEAD without a body and no method that writes', async (t) => {
    const site = await open(t);
    const head = await raw(site, '/code.js', { method: 'HEAD' });
    assert.equal(head.headers['content-length'], '10');
    assert.equal(head.body, '');
    assert.equal((await raw(site, '/code.js', { method: 'PUT' })).status, 405);
  });

  test('hides the files it is told are missing', async (t) => {
    const site = await open(t, { missing: ['/code.js'], record: true });
    assert.equal((await fetch(`${site.url}code.js`)).status, 404);
    assert.equal((await fetch(`${site.url}module.wasm`)).status, 200);
    assert.deepEqual(
      site.requests.map(({ path, status }) => [path, status]),
      [
        ['/code.js', 404],
        ['/module.wasm', 200],
      ],
    );
  });

  test('lets a test answer in its place', async (t) => {
    const intercept = async (path) => path === '/module.wasm' && { status: 503, body: 'busy' };
    const site = await open(t, { intercept });
    const response = await fetch(`${site.url}module.wasm`);
    assert.equal(response.status, 503);
    assert.equal(await response.text(), 'busy');
    assert.equal(response.headers.get('cross-origin-embedder-policy'), 'require-corp');
  });

  test('says when its port is taken', async (t) => {
    const site = await open(t);
    await assert.rejects(serve({ root: folder, port: site.port }), { code: 'EADDRINUSE' });
  });
});
