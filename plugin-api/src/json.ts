/** JSON values as the contract passes them: plain, immutable, structured-cloneable. */

/** Any JSON value (RFC 8259). Numbers are finite; a byte string is never JSON, it travels as `FileData`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A JSON object. A key whose value is `undefined` counts as absent. */
export type JsonObject = { readonly [key: string]: Json | undefined };
