/** The version of the contract, and the words by which a host and a plugin recognise each other. */

/** Version of this contract (semver). A manifest's `api` range is checked against it before any code of the plugin runs. */
export const CONTRACT_VERSION = '1.0.0' as const;

/** Major of this contract: the value of a plugin's `api`. A host serves this major and the one before it. */
export const CONTRACT_MAJOR = 1 as const;

/** Name of the property by which `definePlugin` marks a plugin. A string, so that two copies of this package agree. */
export const PLUGIN_BRAND = '$modelport' as const;

/** Symbol that marks a `CallError`, from the global registry, so that two copies of this package agree. */
export const CALL_ERROR_BRAND: unique symbol = Symbol.for('modelport.CallError');

/**
 * Features of this contract version: the words for which `context.api.has(word)` answers true in a host that offers exactly this version.
 * A minor version adds words (`store`, `hooks`, ...); a plugin that can live without one asks first, one that cannot raises its `api` range.
 */
export const CONTRACT_FEATURES: readonly ContractFeature[] = Object.freeze(['chat', 'embedding', 'rerank', 'models', 'local', 'tools'] as const);

/** A feature word known to this version of the contract. */
export type ContractFeature = 'chat' | 'embedding' | 'rerank' | 'models' | 'local' | 'tools';
