/** The host's news, `noun:verb` on an emitter. It never carries model output. */
import { EventEmitter } from 'eventemitter3';
import type { ConfigProblem } from '../errors/config-problem.ts';
import type { ModelportError } from '../errors/modelport-error.ts';

/** What happened to one backend. */
export interface BackendNews {
  /** Key under `backends:`. */
  readonly backend: string;
  /** Package name of its plugin. */
  readonly plugin: string;
}

/** One activation of a backend. */
export interface GenerationNews extends BackendNews {
  /** Number of the generation, counted per backend from 1. */
  readonly generation: number;
}

/** A call that began or ended. */
export interface CallNews {
  readonly callId: string;
  /** The alias or spec that was asked for. */
  readonly name: string;
}

/** How a call ended. */
export interface CallEnded extends CallNews {
  readonly backend?: string | undefined;
  readonly model?: string | undefined;
  /** Code of the error it ended with; absent when it went well. */
  readonly code?: string | undefined;
  readonly durationMs: number;
}

/** Names of the events and what they carry. */
export interface HostEvents {
  'plugin:loaded': (news: { readonly plugin: string; readonly version: string; readonly folder: string; readonly importMs: number }) => void;
  'backend:activated': (news: GenerationNews) => void;
  'backend:swapped': (news: GenerationNews & { readonly previous: number }) => void;
  'backend:stale': (news: BackendNews & { readonly error: ModelportError }) => void;
  'backend:quarantined': (news: BackendNews & { readonly error: ModelportError }) => void;
  'backend:removed': (news: BackendNews) => void;
  'generation:retired': (news: GenerationNews) => void;
  'generation:closed': (news: GenerationNews & { readonly leftovers: readonly string[] }) => void;
  /** A plugin opened a socket of its own to a host nobody declared, and `policy.socketGuard` closed it. */
  'socket:refused': (news: BackendNews & { readonly host: string }) => void;
  'config:applied': (news: { readonly snapshot: number; readonly changed: readonly string[] }) => void;
  'config:rejected': (news: { readonly error: ModelportError }) => void;
  'config:warned': (news: { readonly warnings: readonly ConfigProblem[] }) => void;
  'call:started': (news: CallNews) => void;
  'call:ended': (news: CallEnded) => void;
  'host:closed': () => void;
}

/** The emitter behind `host.events`. */
export class Events extends EventEmitter<HostEvents> {
  /** Tells the listeners. What one of them throws does not reach the host's own work: it surfaces as an uncaught exception of its own. */
  tell<Name extends keyof HostEvents>(name: Name, news: Parameters<HostEvents[Name]>[0]): void {
    try {
      (this.emit as (name: string, news: unknown) => boolean).call(this, name, news);
    } catch (error) {
      queueMicrotask(() => { throw error; });
    }
  }
}
