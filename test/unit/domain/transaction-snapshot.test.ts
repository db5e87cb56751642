import fc from 'fast-check';
import { asSnapshot, coversAll, isSnapshot, parseSnapshot } from '../../../domain/transaction-snapshot';

describe('a snapshot of transactions', () => {
  it.each(['', '1', '1:2', '1:2:x', '1:2:3,', '-1:2:', "1:2:'", '1:2:3;4'])('is not %j', (text) => {
    expect(() => parseSnapshot(text)).toThrow('no snapshot');
    expect(isSnapshot(text)).toBe(false);
  });

  it('says of a number that everything before that one had ended, and nothing from it on', () => {
    expect(asSnapshot('810')).toBe('810:810:');
    expect(asSnapshot('8:10:8')).toBe('8:10:8');
    const at = parseSnapshot(asSnapshot('810'));
    expect(coversAll(parseSnapshot('810:811:'), at)).toBe(true);
    expect(coversAll(parseSnapshot('809:811:809'), at)).toBe(false);
    expect(coversAll(at, parseSnapshot('810:811:'))).toBe(false);
  });

  it('covers another where all that had ended then had ended', () => {
    // The one before the end has always ended: that is how PostgreSQL counts it.
    const moment = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.uniqueArray(fc.nat(20)))
      .map(([end, running]) => ({ end, running: running.filter((one) => one < end - 1).sort((a, b) => a - b) }));
    const text = ({ end, running }: { end: number; running: number[] }) =>
      `${running[0] ?? end}:${end}:${running.join(',')}`;
    const ended = ({ end, running }: { end: number; running: number[] }, one: number) =>
      one < end && !running.includes(one);
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const all = Array.from({ length: 21 }, (_, n) => n);
        expect(coversAll(parseSnapshot(text(one)), parseSnapshot(text(other)))).toBe(
          all.every((n) => !ended(other, n) || ended(one, n)),
        );
      }),
    );
  });
});
