/**
 * Destroys sockets that a plugin opens by itself to a host nobody declared. It stops accidents, such as an SDK that phones home; code that
 * means to get out finds a way: it runs in this process. Off unless installed.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { CallError } from '@modelport/plugin-api';
import { HostPolicy, type HostGrant } from './host-policy.ts';
import { currentPluginFrame } from './plugin-frame.ts';

/** A socket that was refused. */
export interface RefusedSocket {
  readonly backend: string;
  readonly plugin: string;
  /** Host name or address the plugin wanted. */
  readonly host: string;
}

/** How the guard acts. */
export interface SocketGuardOptions {
  /** Whose sockets are watched. Default: those of every plugin that runs in a frame. */
  readonly covers?: (grant: HostGrant) => boolean;
  /** Called for each refused socket. Default does nothing. */
  readonly onRefused?: (socket: RefusedSocket) => void;
}

/** Node publishes every client socket here as it is made: node:net, node:tls, node:http, fetch and all that stand on them. */
const channel = 'net.client.socket';

/**
 * Watches the sockets of all plugins that run inside `inPluginFrame`. A refused socket fails with HOST_NOT_ALLOWED. Returns what takes the
 * guard away again.
 */
export function installSocketGuard(options: SocketGuardOptions = {}): () => void {
  const watch = (message: unknown): void => {
    const grant = currentPluginFrame();
    if (grant === undefined || options.covers?.(grant) === false) return;
    const { socket } = message as { readonly socket: Socket };
    let known = false;
    const judge = (host: string): void => {
      if (known || socket.destroyed) return;
      known = true;
      const refusal = refusalOf(grant, host);
      if (refusal === undefined) return;
      // On the next tick, since the socket is in the middle of connecting; nothing was written by then.
      process.nextTick(() => { socket.destroy(refusal); });
      options.onRefused?.({ backend: grant.backend, plugin: grant.plugin, host });
    };
    // A name is known when it was looked up, a bare address when it is tried; whichever comes first tells what the plugin asked for.
    socket.once('lookup', (_error: Error | null, address: string, _family: number | string | null, host: string) => { judge(host || address); });
    socket.once('connectionAttempt', (address: string) => { judge(address); });
  };
  subscribe(channel, watch);
  return () => { unsubscribe(channel, watch); };
}

function refusalOf(grant: HostGrant, host: string): Error | undefined {
  try {
    // A socket tells neither scheme nor purpose, so only the name is judged: not the port, and private addresses like any other host.
    const allowedHosts = grant.allowedHosts.map((declared) => declared.replace(/(?<=[^:\]]|\]):\d+$/, ''));
    new HostPolicy({ ...grant, allowedHosts }, true).check(new URL(`https://${host.includes(':') ? `[${host}]` : host}/`));
    return undefined;
  } catch (error) {
    return CallError.is(error) ? error : new CallError('HOST_NOT_ALLOWED', `Backend "${grant.backend}" (${grant.plugin}) may not connect to ${host}.`);
  }
}
