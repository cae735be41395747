import type { NetworkInterfaceInfo } from 'node:os'

export type DeviceFacts = {
  readonly hostname: string
  readonly platform: NodeJS.Platform
  readonly release: string
  readonly interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>
  /** The product's version. */
  readonly version: string
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' }

/** Describes this device for the audit trail. The address is the first that other devices can reach, else the loopback address. */
export function describeDevice({ hostname, platform, release, interfaces, version }: DeviceFacts) {
  const addresses = Object.values(interfaces).flatMap((list) => list ?? [])
  const outward = addresses.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  const best = outward.find(({ family }) => family === 'IPv4') ?? outward[0]
  return {
    name: hostname,
    os: `${SYSTEMS[platform] ?? platform} ${release}`,
    version,
    address: best?.address ?? '127.0.0.1',
  }
}
