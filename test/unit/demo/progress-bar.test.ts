import { barLine, ProgressBar } from '../../../dev/demo/progress-bar';
import { jobWith } from './support';

function screenOf(isTTY: boolean) {
  const written: string[] = [];
  return { written, screen: { isTTY, columns: 80, write: (text: string) => void written.push(text) } };
}
const at = (percent: number) => jobWith({ percent, progress: { done: percent, total: 100 } });

test('away from a terminal there is one line for each quarter, however often progress comes', () => {
  const { written, screen } = screenOf(false);
  const bar = new ProgressBar(screen, 'Run');
  for (const percent of [0, 3, 24, 26, 30, 80, 81, 100, 100]) bar.show(at(percent));
  bar.end();
  expect(written).toEqual(['  Run: 25 % (26 of 100)\n', '  Run: 75 % (80 of 100)\n', '  Run: 100 % (100 of 100)\n']);
});

test('on a terminal the line is redrawn, and a note stays above it', () => {
  const { written, screen } = screenOf(true);
  const bar = new ProgressBar(screen, 'Run');
  bar.show(at(50));
  bar.note('The job waits.');
  bar.end();
  const line = '  Run [##############..............]  50 % (50 of 100)  removing';
  expect(written).toEqual([`\r\u001b[K${line}`, '\r\u001b[K', '  The job waits.\n', line, '\n']);
});

test('a line longer than the terminal is cut, or redrawing it would scroll', () => {
  const { written, screen } = screenOf(true);
  new ProgressBar({ ...screen, columns: 30 }, 'Run').show(at(50));
  expect(written[0]?.replace('\r\u001b[K', '')).toHaveLength(29);
});

test('a waiting job counts down', () => {
  const waiting = { reason: 'rate_limited', until: new Date(20_500).toISOString() };
  expect(barLine('Run', jobWith({ status: 'waiting', waiting }), 8_000)).toContain('waiting, 13 s left (rate_limited)');
  expect(barLine('Run', jobWith({ status: 'waiting', waiting }), 30_000)).toContain('waiting, 0 s left');
});

test('an unknown total leaves the bar empty', () => {
  const job = jobWith({ percent: null, progress: { done: 7, total: 0 }, status: 'queued' });
  expect(barLine('Sync', job, 0)).toBe(`  Sync [${'.'.repeat(28)}]   0 %  queued`);
});
