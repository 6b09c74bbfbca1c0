import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
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
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const open = async (t, options = {}) => {
    const site = await serve({ root: join(folder, 'site'), ...options });
    t.after(() => site.close());
    return site;
  };

  /** A request as it is written: `fetch` would tidy the path first. */
  const raw = (site, path, method = 'GET') =>
    new Promise((answered, failed) => {
      const asked = request({ host: '127.0.0.1', port: site.port, path, method }, (response) => {
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

  test('answers HEAD without a body and no method that writes', async (t) => {
    const site = await open(t);
    const head = await raw(site, '/code.js', 'HEAD');
    assert.equal(head.headers['content-length'], '10');
    assert.equal(head.body, '');
    assert.equal((await raw(site, '/code.js', 'PUT')).status, 405);
  });

  test('hides the files it is told are missing', async (t) => {
    const site = await open(t, { missing: ['/code.js'] });
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
