import { addressFault, isAllowedAddress } from '../../../adapters/webhooks/allowed-address';

const refused = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
].concat(
  ['224.0.0.1', '255.255.255.255', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
  ['64:ff9b::a00:1', '2002:a00:1::1', '2001:0:1::1', '2001:db8::1', 'fe80::1%eth0', 'not an address'],
);

test.each(refused)('%s is no place for a message, in development either', (address) => {
  for (const allowLoopback of [true, false]) expect(isAllowedAddress(address, { allowLoopback })).toBe(false);
});
test.each(['127.0.0.1', '127.9.9.9', '::1'])('%s is one in development only', (address) => {
  expect(isAllowedAddress(address, { allowLoopback: true })).toBe(true);
  expect(isAllowedAddress(address, { allowLoopback: false })).toBe(false);
});
test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is on the public internet', (address) => {
  expect(isAllowedAddress(address, { allowLoopback: false })).toBe(true);
});

test.each([
  ['nonsense', 'not_an_address'],
  ['http://example.org/', 'https_required'],
  ['ftp://example.org/', 'https_required'],
  ['https://me:secret@example.org/', 'credentials_in_address'],
  ['https://127.0.0.1/', 'address_not_allowed'],
  ['https://0x7f.1/', 'address_not_allowed'],
  ['https://2130706433/', 'address_not_allowed'],
  ['https://[::1]/', 'address_not_allowed'],
  ['https://[::ffff:127.0.0.1]/', 'address_not_allowed'],
  ['https://localhost/', 'address_not_allowed'],
  ['https://example.org/hook', null],
])('%s: %s', (url, fault) => {
  expect(addressFault(url, { allowLoopback: false })).toBe(fault);
});
