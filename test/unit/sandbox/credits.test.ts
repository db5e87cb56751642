import { splitCredit, takeGuests } from '../../../dev/sandbox/catalog/credits';

const known = new Set(['neo lux', 'marrow fox', 'simon']);

describe('splitting a credit into artists', () => {
  it('takes guests out of the credit', () => {
    expect(splitCredit('Neo Lux feat. Ada Fen, Bo & Cy', [], known)).toEqual(['Neo Lux', 'Ada Fen', 'Bo', 'Cy']);
  });

  it('splits at "&" and ";" only where both sides are artists of their own', () => {
    expect(splitCredit('Neo Lux & Marrow Fox', [], known)).toEqual(['Neo Lux', 'Marrow Fox']);
    expect(splitCredit('Neo Lux; Marrow Fox', [], known)).toEqual(['Neo Lux', 'Marrow Fox']);
    expect(splitCredit('Simon & Garfunkel', [], known)).toEqual(['Simon & Garfunkel']);
  });

  it('names nobody twice, however they are spelt', () => {
    expect(splitCredit('Néo Lux feat. NEO LUX', [], known)).toEqual(['Néo Lux']);
  });

  it('takes guests out of the title and leaves the rest of it', () => {
    expect(takeGuests('Tide (feat. Ada Fen) (club mix)')).toEqual({ title: 'Tide (club mix)', guests: ['Ada Fen'] });
    expect(takeGuests('Tide (club mix)')).toEqual({ title: 'Tide (club mix)', guests: [] });
  });

  it('reads a classical credit: the ensemble, and persons without their part', () => {
    expect(takeGuests('Aria (Port Sinfonia feat. conductor: Ada Fen, soprano: Bo Cy)')).toEqual({
      title: 'Aria',
      guests: ['Port Sinfonia', 'Ada Fen', 'Bo Cy'],
    });
  });
});
