import { lossesOfDatedLikes, uncertainlyPlaced } from '../../../domain/like-order';

const at = (uri: string, time: string) => ({ uri, addedAt: `2024-05-01T${time}Z` });
const [a, b, c, d] = [at('a', '10:03:00'), at('b', '10:02:30'), at('c', '10:02:10'), at('d', '10:01:00')];
const order = ['a', 'b', 'c', 'd'];

describe('what likes lost that were put back with their dates', () => {
  it.each([
    ['nothing, where all are as before', [b], [a, b, c, d], order, { b: [] }],
    ['nothing, where others came or went meanwhile', [b, d], [at('new', '11:00:00'), b, d], order, { b: [], d: [] }],
    ['nothing, where a date is kept to the minute', [b], [a, at('b', '10:02:00'), c, d], order, { b: [] }],
    ['the place, above one of the same minute', [c], [a, c, b, d], order, { c: ['position'] }],
    ['the place, below one of the same minute', [b], [a, c, b, d], order, { b: ['position'] }],
    ['the place, by the dates alone', [c], [a, c, b, d], [], { c: ['position'] }],
    ['nothing, where equal dates tell nothing', [at('e', '10:03:00')], [a, at('e', '10:03:00')], [], { e: [] }],
    ['both, with another date', [b], [at('b', '12:00:00'), a, c, d], order, { b: ['date_added', 'position'] }],
    ['both, where it is not seen', [b], [a, c, d], order, { b: ['date_added', 'position'] }],
  ])('is %s', (_, restored, seen, before, losses) => {
    expect(Object.fromEntries(lossesOfDatedLikes(restored, seen, before))).toEqual(losses);
  });

  it('is uncertain before for those that leave their minute to others', () => {
    expect(uncertainlyPlaced([a, b, c, d], new Set(['b', 'd']))).toEqual(new Set(['b']));
    expect(uncertainlyPlaced([a, b, c, d], new Set(['b', 'c']))).toEqual(new Set());
  });
});
