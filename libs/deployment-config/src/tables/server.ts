import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { list, table } from '../table.ts';
import { addressRange, expectedPublicUrl, hostName, listenAddress, parsePublicUrl, serviceOrigin } from '../values/addresses.ts';
import { text, whole } from '../values/scalars.ts';
import { withCarbonVariables } from './carbon-variables.ts';

export interface ServerSettings {
  /** `server.hostname` (default `localhost`). */
  readonly hostname: string;
  /** `server.offset` (default 0): added to every port. */
  readonly offset: number;
  /** `server.base_path`: the public origin (and path) every link is built from, without a trailing slash; default `https://<hostname>:<9443 + offset>`. Never the request's Host. */
  readonly baseUrl: string;
  /** `server.listen_address`: default `127.0.0.1`. */
  readonly listenAddress: string;
  /** `transport.https.properties.port` (default 9443) + offset. */
  readonly httpsPort: number;
  /** `transport.http.properties.port` (default 9763) + offset; always on loopback. */
  readonly httpPort: number;
  /** `server.notification_services` (Rekey's): origins at which the recovery service asks for mail templates, each tried in turn; default the one of this machine, `http://127.0.0.1:<9600 + offset>`. */
  readonly notificationServices: readonly string[];
  /** `server.trusted_proxies` (Rekey's): addresses and CIDR ranges whose `X-Forwarded-For` tells the client's address; default none. */
  readonly trustedProxies: readonly string[];
}

export const serverToml = table({
  hostname: hostName.prefault('localhost'),
  base_path: text('a URL').optional(),
  offset: whole(0, 50_000).prefault(0),
  listen_address: listenAddress.prefault('127.0.0.1'),
  notification_services: list(serviceOrigin, 'a list of origins').optional(),
  trusted_proxies: list(addressRange, 'a list of IP addresses and CIDR ranges').prefault([]),
}).prefault({});

const transport = (port: number) => table({ properties: table({ port: whole(1, 65_535).prefault(port) }).prefault({}) }).prefault({});

export const transportToml = table({ https: transport(9443), http: transport(9763) }).prefault({});

const highestPort = 65_535;
/** Where a notification service listens that nobody told another port. */
const firstNotificationServicePort = 9_600;

/** @throws DeploymentConfigError where a port is no port any more, or both doors have the same, or links would be made of an address that is not one */
export function serverSettings(server: z.output<typeof serverToml>, transport: z.output<typeof transportToml>, layers: DeploymentLayers): ServerSettings {
  const { hostname, offset, listen_address: listenAddress, trusted_proxies: trustedProxies, notification_services: notificationServices = [`http://127.0.0.1:${firstNotificationServicePort + offset}`] } = server;
  const ports = { https: transport.https.properties.port + offset, http: transport.http.properties.port + offset };
  for (const door of ['https', 'http'] as const) {
    if (ports[door] > highestPort) throw layers.refusal(['server', 'offset'], `with it the ${door} port would be ${ports[door]}, expected at most ${highestPort}`);
  }
  if (ports.https === ports.http) throw layers.refusal(['transport', 'http', 'properties', 'port'], `${transport.http.properties.port} is the port of https too: give each its own`);
  const baseUrl = parsePublicUrl(withCarbonVariables(server.base_path ?? '${carbon.protocol}://${carbon.host}:${carbon.management.port}', hostname, ports.https));
  if (baseUrl === undefined) throw layers.unexpected(['server', 'base_path'], expectedPublicUrl);
  return { hostname, offset, baseUrl, listenAddress, httpsPort: ports.https, httpPort: ports.http, notificationServices, trustedProxies };
}
