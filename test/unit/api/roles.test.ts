import { scopesOfRoles } from '../../../domain/roles';

describe('what roles allow a token', () => {
  it('everybody reads and writes their own, staff moderates, admins administer', () => {
    expect(scopesOfRoles([])).toEqual(['read', 'write']);
    expect(scopesOfRoles(['moderator'])).toEqual(['read', 'write', 'moderate']);
    expect(scopesOfRoles(['reviewer'])).toEqual(['read', 'write', 'moderate']);
    expect(scopesOfRoles(['admin'])).toEqual(['read', 'write', 'admin']);
  });
});
