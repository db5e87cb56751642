import { Browser } from '../../../dev/demo/browser';
import type { Job } from '../../../dev/demo/contract';
import { followJob } from '../../../dev/demo/follow-job';
import { Person } from '../../../dev/demo/person';
import { jobWith } from './support';

const api = 'http://127.0.0.1:8080';

/** An API that answers each look at the job, and each stream of its events, with the next of what is given. */
function scripted(looks: Job[], streams: (string | number)[]) {
  const asked: { path: string; lastEventId: string | null }[] = [];
  const person = new Person(
    new Browser((url, init) => {
      const lastEventId = new Headers(init.headers).get('last-event-id');
      asked.push({ path: url.pathname, lastEventId });
      if (!url.pathname.endsWith('/events'))
        return Promise.resolve(Response.json(looks.length > 1 ? looks.shift() : looks[0]));
      const stream = streams.shift() ?? 503;
      return Promise.resolve(typeof stream === 'number' ? new Response('', { status: stream }) : new Response(stream));
    }),
    api,
  );
  const lines: string[] = [];
  const screen = { isTTY: false, columns: 80, write: (text: string) => void lines.push(text.trim()) };
  return { person, asked, lines, options: { label: 'Run', screen } };
}

const event = (id: number, name: string, data: unknown) =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const completed = jobWith({ status: 'completed', percent: 100, progress: { done: 100, total: 100 } });

test('progress, milestones and the end come by events', async () => {
  const half = jobWith({ percent: 50, progress: { done: 50, total: 100 } });
  const stream =
    event(0, 'progress', half) + event(1, 'milestone', { text: 'Half is done.' }) + event(1, 'done', completed);
  const { person, lines, options } = scripted([jobWith({})], [stream]);
  expect(await followJob(person, 'job', options)).toMatchObject({ job: { status: 'completed' }, waits: [] });
  expect(lines).toEqual(['Run: 50 % (50 of 100)', 'Half is done.', 'Run: 100 % (100 of 100)']);
});

test('a stream that breaks is taken up after the last event', async () => {
  const { person, asked, options } = scripted(
    [jobWith({})],
    [event(3, 'progress', jobWith({ percent: 9 })), event(4, 'done', completed)],
  );
  await followJob(person, 'job', options);
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([null, null, '3']);
});

test('without events the job is polled to its end', async () => {
  const { person, asked, options } = scripted([jobWith({}), completed], [404]);
  expect((await followJob(person, 'job', options)).job.status).toBe('completed');
  expect(asked.map(({ path }) => path)).toEqual(['/api/v1/jobs/job', '/api/v1/jobs/job/events', '/api/v1/jobs/job']);
});

test('each wait is told once, with its reason and where to look', async () => {
  const waiting = { reason: 'rate_limited', until: '2026-01-01T00:00:15.000Z' };
  const wait = jobWith({ status: 'waiting', waiting, temporalUrl: 'http://ui/run' });
  const later = { ...wait, waiting: { ...waiting, until: '2026-01-01T00:01:00.000Z' } };
  const stream = [wait, wait, jobWith({ percent: 40 }), later].map((job, n) => event(n, 'progress', job)).join('');
  const { person, lines, options } = scripted([jobWith({})], [stream + event(9, 'done', completed)]);
  const { waits } = await followJob(person, 'job', options);
  expect(waits).toEqual(['rate_limited', 'rate_limited']);
  expect(lines.filter((line) => line.includes('rate_limited') && line.endsWith('see http://ui/run'))).toHaveLength(2);
});

test('a job that fails ends the demo with its code', async () => {
  const failed = jobWith({ status: 'failed', failure: { code: 'needs_reconnect' }, temporalUrl: 'http://ui/run' });
  const { person, options } = scripted([failed], []);
  await expect(followJob(person, 'job', options)).rejects.toThrow('failed (needs_reconnect), see http://ui/run');
});

test('what runs beside the job is ended with it, and its failure ends the demo', async () => {
  const script = () => scripted([jobWith({})], [event(1, 'done', completed)]);
  const first = script();
  const meanwhile = ({ signal }: { signal: AbortSignal }) =>
    new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended with the job'))));
  await expect(followJob(first.person, 'job', { ...first.options, meanwhile })).resolves.toBeDefined();
  const second = script();
  const broken = () => Promise.reject(new Error('no worker to kill'));
  await expect(followJob(second.person, 'job', { ...second.options, meanwhile: broken })).rejects.toThrow('no worker');
});
