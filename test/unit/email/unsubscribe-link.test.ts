import { readUnsubscribePath, unsubscribePath } from '../../../adapters/email/unsubscribe-link';

const key = (kid: string, fill: number) => ({ kid, key: Buffer.alloc(32, fill) });
const what = { userId: '0190a000-0000-7000-8000-000000000001', group: 'runs' } as const;

describe('a link that ends e-mails', () => {
  it('says whose and which, under each key of the ring', () => {
    const path = unsubscribePath([key('new', 2), key('old', 1)], what);
    expect(readUnsubscribePath([key('new', 2)], path)).toEqual(what);
    expect(readUnsubscribePath([key('newer', 3), key('new', 2)], path)).toEqual(what);
    expect(readUnsubscribePath([key('newer', 3)], path)).toBeNull();
  });

  it.each([
    ['of somebody else', (path: string) => path.replace('000001/', '000002/')],
    ['of another kind', (path: string) => path.replace('/runs/', '/lists/')],
    ['of a kind that is none', (path: string) => path.replace('/runs/', '/constructor/')],
    ['with another signature', (path: string) => path.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['with a longer one', (path: string) => `${path}A`],
    ['without one', (path: string) => path.slice(0, path.lastIndexOf('/') + 1)],
  ])('%s was not made here', (_, change) => {
    const keys = [key('k', 1)];
    const path = unsubscribePath(keys, what);
    expect(readUnsubscribePath(keys, path)).toEqual(what);
    expect(readUnsubscribePath(keys, change(path))).toBeNull();
  });
});
