// Tables of records from the page, and where studies keep their data: stand-ins that behave as the documented services do.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { exported, verify } from './support/native.mjs';
import { openTestSite } from './support/pages.mjs';
import { openReceiver } from './support/receiver.mjs';

const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

describe('a record', () => {
  const owner = sharedOwner();
  let page;
  let site;
  let browser;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
    page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(async () => {
      await window.loading;
      window.data = await import(String('./data.js'));
      const options = { env: 'Overcooked-CrampedRoom-V0', seed: 3, maxSteps: 40, fps: 240 };
      const game = window.palaestra.play({ ...options, seats: { agent_0: 'random', agent_1: 'random' } });
      window.record = await game.finished;
    });
  });
  const kept = () =>
    page.evaluate(async () => {
      const request = indexedDB.open('palaestra');
      await new Promise((done) => {
        request.onsuccess = done;
      });
      const count = request.result.transaction('games').objectStore('games').count();
      await new Promise((done) => {
        count.onsuccess = done;
      });
      request.result.close();
      return count.result;
    });

  test('gives its steps as CSV and JSON Lines, byte for byte as `palaestra export` writes them', async () => {
    const { csv, jsonl, text, name } = await page.evaluate(async () => ({
      csv: await (await window.record.csv({ keep: true })).text(),
      jsonl: await (await window.record.jsonl({ keep: true })).text(),
      text: await window.record.text({ keep: true }),
      name: await window.record.filename(),
    }));
    assert.equal(csv.trimEnd().split('\n').length, 1 + 2 * 40);
    assert.equal(csv, await exported(text, name, 'csv'));
    assert.equal(jsonl, await exported(text, name, 'jsonl'));
    // The page has read it, and said that the browser is to keep it.
    assert.equal(await kept(), 1);
  });

  /** What a stand-in has heard, as bodies; it answers as `answer` says. */
  const openService = async (t, answers) => {
    const receiver = await openReceiver(t);
    const heard = [];
    receiver.state.answer = (url, body, response, request) => {
      if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
      heard.push({ path: url.pathname, body, headers: request.headers });
      const [status, text, cut] = answers(heard.length, url, body);
      if (cut) return response.destroy();
      response.writeHead(status, { ...cors, 'content-type': 'application/json' }).end(text);
    };
    return { receiver, heard };
  };

  test('goes to DataPipe as a table, again where its answer is lost, and a refusal is told by its word', async (t) => {
    const files = new Map();
    // As functions/api-data.js does: 201, or 400 with a word.
    const answer = (attempt, url, body) => {
      const { experimentID, filename, data } = JSON.parse(body);
      if (!experimentID || !filename || !data) return [400, '{"error":"MISSING_PARAMETER","message":"…"}'];
      if (experimentID !== 'exp123') return [400, '{"error":"EXPERIMENT_NOT_FOUND","message":"…"}'];
      if (attempt === 1) return [503, '<html>busy</html>'];
      if (files.has(filename)) return [400, '{"error":"OSF_FILE_EXISTS","message":"…"}'];
      files.set(filename, { data, path: url.pathname });
      return [201, '{"message":"Success"}', attempt === 2];
    };
    const { receiver, heard } = await openService(t, answer);
    const { refused, csv, name, waits } = await page.evaluate(async (url) => {
      const waits = [];
      const csv = await (await window.record.csv({ keep: true })).text();
      const options = { url, firstWait: 20, onWait: (error) => waits.push(error.message) };
      const name = await window.data.toDataPipe(window.record, { experimentID: 'exp123', ...options });
      const { code, reason, status } = await window.data
        .toDataPipe(window.record, { experimentID: 'other', ...options })
        .catch((error) => error);
      return { refused: { code, reason, status }, csv, name, waits };
    }, receiver.origin);
    assert.deepEqual(files.get(name), { data: csv, path: '/api/data/' });
    assert.equal(files.size, 1);
    // A browser makes a request again by itself where a connection that it used before is cut.
    assert.ok(heard.length === 4 && waits.length >= 1, `${heard.length} requests, ${waits.length} waits`);
    assert.deepEqual(refused, { code: 'not_sent', reason: 'EXPERIMENT_NOT_FOUND', status: 400 });
    assert.equal(await kept(), 0);
  });

  test('goes to DataPipe itself, gzipped, as base64', async (t) => {
    const { receiver, heard } = await openService(t, () => [201, '{"message":"Success"}']);
    await page.evaluate(
      (url) => window.data.toDataPipe(window.record, { experimentID: 'exp123', format: 'record', url }),
      receiver.origin,
    );
    const { data, filename } = JSON.parse(heard[0].body);
    assert.equal(heard[0].path, '/api/base64/');
    assert.match(filename, /\.jsonl\.gz$/);
    assert.match(await verify(Buffer.from(data, 'base64')), /: 40 steps in .* identical\n/);
  });

  test('is posted to an address of one own, and what is refused for good is not tried again', async (t) => {
    const { receiver, heard } = await openService(t, (_, url) =>
      url.pathname === '/up' ? [200, 'thanks'] : [413, 'too much'],
    );
    const { answer, error } = await page.evaluate(async (origin) => {
      const answer = await window.data.post(window.record, { url: `${origin}/up`, filename: 'p-7.jsonl.gz' });
      const { status } = await window.data
        .post(window.record, { url: `${origin}/other`, firstWait: 20 })
        .catch((error) => error);
      return { answer, error: status };
    }, receiver.origin);
    assert.deepEqual([answer, error, heard.length], ['thanks', 413, 2]);
    assert.equal(heard[0].headers['content-disposition'], 'attachment; filename="p-7.jsonl.gz"');
    assert.match(await verify(heard[0].body), /: 40 steps in .* identical\n/);
  });

  test('goes to JATOS as a file or among the result data, and its group is told', async () => {
    const seen = await page.evaluate(async () => {
      const files = [];
      let data = '';
      const told = [];
      let open = true;
      // As jatos.js does: promises of its own, which reject with a text.
      const jatos = {
        uploadResultFile: async (file, name) => {
          if (!(file instanceof Blob) || !name) throw 'No filename specified';
          files.push({ name, size: file.size });
        },
        appendResultData: async (more) => {
          if (data.length > 0) throw 'POST to resultData failed: 413';
          data += more;
        },
        hasOpenGroupChannel: () => open,
        sendGroupMsg: (message) => told.push(JSON.parse(JSON.stringify(message))),
      };
      await window.data.toJatos(window.record, { jatos });
      await window.data.toJatos(window.record, { jatos, as: 'data' });
      const refused = await window.data
        .toJatos(window.record, { jatos, as: 'data' })
        .catch(({ code, reason }) => ({ code, reason }));
      await window.data.tellJatosGroup(window.record, { jatos, more: { member: 7 } });
      open = false;
      const closed = await window.data.tellJatosGroup(window.record, { jatos }).catch(({ code }) => code);
      const none = await window.data.toJatos(window.record).catch(({ message }) => message);
      return { files, rows: data.trimEnd().split('\n').length, told, refused, closed, none };
    });
    assert.equal(seen.files.length, 1);
    assert.match(seen.files[0].name, /\.jsonl\.gz$/);
    assert.equal(seen.rows, 80);
    assert.deepEqual(seen.refused, { code: 'not_sent', reason: 'POST to resultData failed: 413' });
    assert.deepEqual(
      [seen.told[0].steps, seen.told[0].member, seen.told[0].env_id],
      [40, 7, 'Overcooked-CrampedRoom-V0'],
    );
    assert.equal(seen.closed, 'not_sent');
    assert.match(seen.none, /jatos\.js loaded, found none/);
  });

  test("stands among jsPsych's own data as a row", async () => {
    const { rows, wrong } = await page.evaluate(async () => {
      const rows = [];
      const jsPsych = { data: { write: (row) => rows.push(row) } };
      await window.data.toJsPsych(window.record, { jsPsych, format: 'jsonl', data: { task: 'soup' } });
      const wrong = await window.data
        .toJsPsych(window.record, { jsPsych, format: 'xlsx' })
        .catch(({ message }) => message);
      return { rows, wrong };
    });
    assert.equal(rows[0].task, 'soup');
    assert.equal(rows[0].data.trimEnd().split('\n').length, 80);
    assert.match(wrong, /expected one of record, text, csv, jsonl, found xlsx/);
  });
});
