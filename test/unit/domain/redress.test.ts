import { appealUntil } from '../../../domain/redress';

describe('the time to appeal', () => {
  it('begins when somebody is told, and counts whole days whatever the clocks do in between', () => {
    const told = new Date('2026-11-29T08:00:00.123Z');
    expect(appealUntil(told, 183)).toEqual(new Date('2027-05-31T08:00:00.123Z'));
    expect(appealUntil(told, 0)).toEqual(told);
  });
});
