import { systemEnforcementRoute } from './system-enforcement';
import { systemModerationRoute } from './system-moderation';
import { systemOverviewRoute } from './system-overview';
import { systemProvidersRoute } from './system-providers';

/** Views of the whole system, for admins. */
export const systemViewRoutes = [
  systemOverviewRoute,
  systemProvidersRoute,
  systemEnforcementRoute,
  systemModerationRoute,
];
