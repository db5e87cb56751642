export * from '../../dev/connected-account/sandbox-admin';
