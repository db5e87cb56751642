import type { Route } from '../route';
import { sessionRoutes } from './auth/sessions';
import { signInRoutes } from './auth/sign-in';
import { tokenRoutes } from './auth/tokens';
import { connectSpotifyRoutes } from './connections/connect-spotify';
import { meRoutes } from './me/me';

/** Every route below `/api/v1`, in the order of the documentation. A fixed path comes before a parameter in its place. */
export const routes: Route[] = [
  ...signInRoutes,
  ...sessionRoutes,
  ...tokenRoutes,
  ...meRoutes,
  ...connectSpotifyRoutes,
];
