export { enforce } from './enforce';
export { linkAccount } from './link-account';
export { preparePlan } from './prepare-plan';
export { refreshCredential } from './refresh-credential';
export { rollback } from './rollback';
export { sweep } from './sweep';
export { syncLibrary } from './sync-library';
