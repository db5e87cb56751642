import type { AppContext, Next } from '../context';
import type { Dependencies } from '../dependencies';

/** placeholder until the state is read below */
export function homePage(_deps: Dependencies) {
  return (_ctx: AppContext, next: Next): Promise<unknown> => next();
}
