import { type ExaminedList, examineList, flagsOf, listRules, mostAddedUnseen } from '../../../domain/list-rules';
import {
  accusesAsFact,
  hasContact,
  hasInsult,
  hasStreetAddress,
  namesCharacteristic,
} from '../../../domain/list-rule-texts';
import { currentPolicy, findRule } from '../../../domain/policies';

const none = new Set<string>();
const facts = { known: new Set(['one', 'two']), withdrawn: none, undecided: none, added: 0 };
const fair: ExaminedList = {
  shared: true,
  name: 'Playback only',
  description: 'Concerts that were not played live.',
  criteria: 'A review says that the concert was a playback.',
  note: null,
  entries: [{ artistId: 'one', reason: 'A review of May 2024 says so: https://reviews.example.test/0123456789012' }],
};
const codes = (list: Partial<ExaminedList>, more: Partial<typeof facts> = {}) =>
  examineList({ ...fair, ...list }, { ...facts, ...more }).map(({ code, path }) => `${code} ${path}`);

describe('the rules for lists', () => {
  it('leave a list alone that says by what and why', () => {
    expect(codes({})).toEqual([]);
  });

  it('want criteria and reasons of a list that others can read, and of a private one neither', () => {
    const bare = { criteria: ' ', entries: [{ artistId: 'one', reason: null }] };
    expect(codes(bare)).toEqual(['criteria_missing criteria', 'reason_missing entries[0].reason']);
    expect(codes({ ...bare, shared: false, name: 'scum' })).toEqual([]);
  });

  it('want each artist to be one of the catalog’s, and once, on every list', () => {
    const entries = ['one', 'two', 'one', 'three'].map((artistId) => ({ artistId, reason: 'They played from tape.' }));
    const wrong = ['artist_twice entries[2].artistId', 'unknown_artist entries[3].artistId'];
    expect(codes({ entries })).toEqual(wrong);
    expect(codes({ entries, shared: false })).toEqual(wrong);
  });

  it('keep out whom moderation took off, and show to a moderator who is under examination', () => {
    expect(codes({}, { withdrawn: new Set(['one']) })).toEqual(['withdrawn_entry entries[0].artistId']);
    expect(codes({ shared: false }, { withdrawn: new Set(['one']) })).toEqual(['withdrawn_entry entries[0].artistId']);
    expect(codes({}, { undecided: new Set(['one']) })).toEqual(['offense_undecided entries[0].artistId']);
  });

  it('have a moderator look at very many at once', () => {
    expect(codes({}, { added: mostAddedUnseen })).toEqual([]);
    expect(codes({}, { added: mostAddedUnseen + 1 })).toEqual(['many_added entries']);
  });

  it('look at every text, and name each flag once', () => {
    const scum = 'They are scum, all of them.';
    const found = examineList(
      {
        ...fair,
        name: scum,
        description: scum,
        criteria: scum,
        note: scum,
        entries: [{ artistId: 'one', reason: scum }],
      },
      facts,
    );
    expect(found.map(({ path }) => path)).toEqual(['name', 'description', 'criteria', 'note', 'entries[0].reason']);
    expect(flagsOf(found)).toEqual(['insult']);
  });

  it('rest on the policy', () => {
    for (const { policyRule } of Object.values(listRules))
      if (policyRule !== null) expect(findRule(currentPolicy.version, policyRule)).not.toBeNull();
  });
});

describe('what is looked for in texts', () => {
  it.each([
    ['write to somebody@example.test', true],
    ['somebody (at) example.test', true],
    ['call +49 30 1234 5678', true],
    ['call 030/12345678', true],
    ['call (555) 123-4567', true],
    ['@somebody on stage', false],
    ['https://example.test/watch/01234567890', false],
    ['from 1999-2004 and on 2024-05-17', false],
    ['sold 1,000,000 records in 2019, 2020 and 2021', false],
    ['on 05.06.2024 and 07.08.2024', false],
  ])('contact: %s', (text, expected) => expect(hasContact(text)).toBe(expected));

  it.each([
    ['lives at 12 Invented Oak Street', true],
    ['Erfundene Lindenstraße 5', true],
    ['5 songs about the street', false],
    ['Street of Dreams', false],
  ])('house: %s', (text, expected) => expect(hasStreetAddress(text)).toBe(expected));

  it.each([
    ['what a MORON', true],
    ['Scúm', true],
    ['a Scumbria festival', false],
    ['oxymoron', false],
  ])('insult: %s', (text, expected) => expect(hasInsult(text)).toBe(expected));

  it.each([
    ['a rapist', true],
    ['a neo-Nazi', true],
    ['con  man', true],
    ['convicted as a rapist by a court in 2021', false],
    ['accused of having abused an employee', false],
    ['a newspaper reported that they called themselves a fascist', false],
    ['the criminality of it', false],
  ])('accusation: %s', (text, expected) => expect(accusesAsFact(text)).toBe(expected));

  it.each([
    ['all artists who are women', true],
    ['Jewish artists', true],
    ['their sexual  orientation', true],
    ['violence against women', false],
    ['hatred towards muslims', false],
    ['transatlantic, Gaynor, racehorse', false],
  ])('characteristic: %s', (text, expected) => expect(namesCharacteristic(text)).toBe(expected));
});
