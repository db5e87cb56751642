import fc from 'fast-check';
import { parseArtistCredit } from '../../../domain/artist-credit';
import { nameKey } from '../../../domain/name-keys';

const knowing = (...names: string[]) => {
  const keys = new Set(names.map(nameKey));
  return (key: string) => keys.has(key);
};
const nobody = knowing();
const read = (credit: string, isKnown = nobody) =>
  parseArtistCredit(credit, isKnown).map(({ name, confidence }) => `${name} ${confidence}`);

describe('a credit in words', () => {
  test.each([
    ['Adele', ['Adele certain']],
    ['Drake & Rihanna', ['Drake unsure', 'Rihanna unsure']],
    ['A, B & C feat. D', ['A likely', 'B likely', 'C likely', 'D likely']],
    ['Calvin Harris feat. Rihanna', ['Calvin Harris likely', 'Rihanna likely']],
    ['DJ Khaled (feat. Drake)', ['DJ Khaled likely', 'Drake likely']],
    ['Earth, Wind & Fire', ['Earth, Wind & Fire certain']],
    ['Simon & Garfunkel', ['Simon & Garfunkel certain']],
    ['Simon and Garfunkel', ['Simon and Garfunkel certain']],
    ['Tyler, The Creator', ['Tyler, The Creator certain']],
    ['Chris, The Poet', ['Chris, The Poet unsure']],
    ['Adele, The Killers', ['Adele unsure', 'The Killers unsure']],
    ['Earth, Wind & Fire, Drake & Adele', ['Earth, Wind & Fire certain', 'Drake likely', 'Adele likely']],
    ['Tyler, The Creator & Kali Uchis', ['Tyler, The Creator certain', 'Kali Uchis unsure']],
    ['Crosby, Stills, Nash & Young', ['Crosby, Stills, Nash & Young certain']],
    ['Florence + The Machine', ['Florence + The Machine certain']],
    ['Nobody & The Unheard', ['Nobody & The Unheard unsure']],
    ['Glenn Miller and His Orchestra', ['Glenn Miller and His Orchestra unsure']],
    ['Lil Nas X & Billy Ray Cyrus', ['Lil Nas X unsure', 'Billy Ray Cyrus unsure']],
    ['周杰倫、林俊傑', ['周杰倫 unsure', '林俊傑 unsure']],
    ['Drake, Drake', ['Drake unsure']],
    ['   ', []],
    ['', []],
  ])('%s', (credit, expected) => {
    expect(read(credit)).toEqual(expected);
  });

  test('the first is primary, all others are featured', () => {
    const roles = parseArtistCredit('A, B & C feat. D', nobody).map(({ role }) => role);
    expect(roles).toEqual(['primary', 'featured', 'featured', 'featured']);
  });

  test('what the catalogue knows wins over splitting', () => {
    expect(read('Milo & Otis feat. Drake', knowing('Milo & Otis', 'Milo'))).toEqual([
      'Milo & Otis certain',
      'Drake likely',
    ]);
    expect(read('Milo & Otis', knowing('Milo', 'Otis'))).toEqual(['Milo certain', 'Otis certain']);
    expect(read('Prince & The Revolution', knowing('Prince', 'The Revolution'))).toEqual([
      'Prince certain',
      'The Revolution certain',
    ]);
  });

  test('every name is a piece of the credit, and none is given twice', () => {
    const piece = fc.constantFrom(
      'A',
      'Bo',
      ',',
      '&',
      'feat.',
      'The',
      'x',
      '(',
      ')',
      'and',
      'Simon',
      'Garfunkel',
      '!!!',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const credit = pieces.join(' ');
        const names = parseArtistCredit(credit, nobody);
        for (const { name, start, end } of names) expect(credit.slice(start, end)).toBe(name);
        expect(new Set(names.map(({ name }) => nameKey(name))).size).toBe(names.length);
      }),
    );
  });
});
