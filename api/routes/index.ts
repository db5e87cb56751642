import type { Route } from '../route';
import { sessionRoutes } from './auth/sessions';
import { tokenRoutes } from './auth/tokens';

/** Every route below `/api/v1`, in the order of the documentation. */
export const routes: Route[] = [...sessionRoutes, ...tokenRoutes];
