import { claimDenial, decisionDenial, type HandledCase, holderAt, releaseDenial } from '../../../domain/case-handling';

const now = new Date('2026-11-29T12:00:00Z');
const later = new Date('2026-11-29T12:00:00.001Z');
const of = (held: Partial<HandledCase>): HandledCase => ({
  state: 'open',
  holderId: null,
  heldUntil: null,
  version: 3,
  ...held,
});
const mine = of({ state: 'in_review', holderId: 'me', heldUntil: later });
const theirs = of({ state: 'in_review', holderId: 'somebody', heldUntil: later });
const idle = of({ state: 'in_review', holderId: 'somebody', heldUntil: now });
const decided = of({ state: 'decided' });
const changes = of({ state: 'changes_requested' });
const held = 'case_held_by_another';
const over = 'already_decided';

describe('a case', () => {
  it('is held until its time comes, to the millisecond', () => {
    expect(holderAt(theirs, now)).toBe('somebody');
    expect(holderAt(idle, now)).toBeNull();
    expect(holderAt(of({}), now)).toBeNull();
  });

  it.each([
    ['that nobody holds', of({}), { claim: null, release: null, decide: 'not_claimed' }],
    ['of mine', mine, { claim: null, release: null, decide: null }],
    ['of somebody else', theirs, { claim: held, release: held, decide: held }],
    ['that somebody let lie', idle, { claim: null, release: null, decide: 'not_claimed' }],
    ['that I let lie', { ...mine, heldUntil: now }, { claim: null, release: null, decide: 'not_claimed' }],
    ['of whom was merged into me', { ...mine, holderId: 'me too' }, { claim: null, release: null, decide: null }],
    ['that waits for its author', changes, { claim: null, release: null, decide: 'not_claimed' }],
    ['that is decided', decided, { claim: over, release: over, decide: over }],
  ])('%s', (_what, one, expected) => {
    const handler = { ids: ['me', 'me too'], concerned: false, now };
    expect({
      claim: claimDenial(one, handler),
      release: releaseDenial(one, handler),
      decide: decisionDenial(one, { ...handler, version: 3 }),
    }).toEqual(expected);
  });

  it('is decided as it was looked at', () => {
    const handler = { ids: ['me'], concerned: false, now };
    expect(decisionDenial(mine, { ...handler, version: 2 })).toBe('version_conflict');
    expect(decisionDenial(theirs, { ...handler, version: 2 })).toBe(held);
  });

  it.each([of({}), mine, theirs, decided])('is nobody’s own to decide, however it stands', (one) => {
    const handler = { ids: ['me'], concerned: true, now };
    expect(claimDenial(one, handler)).toBe('own_case');
    expect(decisionDenial(one, { ...handler, version: 3 })).toBe('own_case');
  });
});
