import { executionSpanId, parseTraceparent, traceparentOf } from '../../../domain/trace-context';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test.each([
  [`00-${traceId}-${spanId}-01`, true],
  [`00-${traceId}-${spanId}-00`, false],
  [`00-${traceId}-${spanId}-03`, true],
])('%s is read', (text, sampled) => {
  expect(parseTraceparent(text)).toEqual({ traceId, spanId, sampled });
});

test.each([
  undefined,
  null,
  42,
  '',
  `01-${traceId}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId}-${spanId}`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}-01\n`,
])('%j is nobody’s trace', (text) => {
  expect(parseTraceparent(text)).toBeNull();
});

test.each([true, false])('what is written is read as the same (sampled: %s)', (sampled) => {
  expect(parseTraceparent(traceparentOf({ traceId, spanId, sampled }))).toEqual({ traceId, spanId, sampled });
});

test('an execution’s span is told apart by the part of its run id that is no time', () => {
  const [first, second] = ['019ad001-8000-7abc-8123-0123456789ab', '019ad001-8000-7abc-8123-0123456789ac'].map(
    executionSpanId,
  );
  expect(first).toBe('81230123456789ab');
  expect(second).not.toBe(first);
});
