import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { describeDevice } from './this-device.ts'

const address = (text: string, family: 'IPv4' | 'IPv6', internal = false): NetworkInterfaceInfo =>
  family === 'IPv4'
    ? { address: text, family, internal, netmask: '255.255.255.0', mac: '00:00:00:00:00:00', cidr: null }
    : { address: text, family, internal, netmask: 'ffff::', mac: '00:00:00:00:00:00', cidr: null, scopeid: 0 }

const at = (interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>) =>
  describeDevice({ hostname: 'desk-7', platform: 'linux', release: '6.1.0', interfaces, version: '0.1.0' })

test('the address is one that other devices can reach, IPv4 before IPv6', () => {
  const lo = [address('127.0.0.1', 'IPv4', true), address('::1', 'IPv6', true)]
  const eth = [address('fe80::1', 'IPv6'), address('2001:db8::7', 'IPv6'), address('10.0.0.7', 'IPv4')]
  expect(at({ lo, eth })).toEqual({ name: 'desk-7', os: 'Linux 6.1.0', version: '0.1.0', address: '10.0.0.7' })
  expect(at({ lo, eth: eth.slice(0, 2) }).address).toBe('2001:db8::7')
})

test('a device without a network has the loopback address', () => {
  expect(at({ lo: [address('127.0.0.1', 'IPv4', true)] }).address).toBe('127.0.0.1')
  expect(at({}).address).toBe('127.0.0.1')
})
