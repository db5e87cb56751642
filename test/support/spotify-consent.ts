export * from '../../dev/connected-account/spotify-consent';
