/** Where things are, as `Location`, `resource.href` and `subject.href` name them. */
export const jobHref = (id: string): string => `/api/v1/jobs/${id}`;
export const runHref = (id: string): string => `/api/v1/enforcement/runs/${id}`;
export const planHref = (id: string): string => `/api/v1/enforcement/plans/${id}`;
export const exportHref = (id: string): string => `/api/v1/me/exports/${id}`;
export const blockImportHref = (id: string): string => `/api/v1/blocks/imports/${id}`;
export const catalogImportHref = (id: string): string => `/api/v1/artists/imports/${id}`;
export const mergeHref = (id: string): string => `/api/v1/me/merges/${id}`;
export const providerAppHref = (provider: 'spotify'): string => `/api/v1/me/provider-apps/${provider}`;
export const connectionHref = (id: string): string => `/api/v1/connections/${id}`;
export const libraryExportHref = (id: string): string => `${connectionHref(id)}/library/export`;
export const meHref = '/api/v1/me';
export const appealsHref = '/api/v1/appeals';
export const offenseHref = (id: string): string => `/api/v1/offenses/${id}`;
export const offenseEvidenceHref = (id: string): string => `${offenseHref(id)}/evidence`;
export const decisionHref = (id: string): string => `/api/v1/decisions/${id}`;
export const sourceRestoreHref = (withdrawalId: string): string => `/api/v1/enforcement/restores/${withdrawalId}`;
