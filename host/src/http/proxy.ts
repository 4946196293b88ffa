/** Which proxy requests go through, from the config or the environment. */
import { CallError } from '@modelport/plugin-api';
import type { HttpSettings } from './settings.ts';

/** Never sent through a proxy: a proxy's loopback is another machine's. */
const loopback = 'localhost,127.0.0.1,::1';

/** The proxies by scheme, and the hosts that go without. Empty text = none. */
export interface ProxyChoice {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** The proxy a host is to use; undefined for none. Throws REQUEST_INVALID when it is no URL. */
export function proxyFrom(settings: HttpSettings): ProxyChoice | undefined {
  const chosen = settings.proxy ?? 'environment';
  if (chosen === 'none') return undefined;
  const environment = settings.environment ?? process.env;
  const read = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const noProxy = [read('NO_PROXY'), loopback].filter((text) => text !== '').join(',');
  if (chosen !== 'environment') return { httpProxy: checked(chosen, '`http.proxy`'), httpsProxy: chosen, noProxy: loopback };
  const httpProxy = read('HTTP_PROXY');
  const httpsProxy = read('HTTPS_PROXY');
  if (httpProxy === '' && httpsProxy === '') return undefined;
  if (httpProxy !== '') checked(httpProxy, 'HTTP_PROXY');
  if (httpsProxy !== '') checked(httpsProxy, 'HTTPS_PROXY');
  return { httpProxy, httpsProxy, noProxy };
}

/** The text, known to be a URL. It may hold a password, so no message shows it. */
function checked(text: string, place: string): string {
  if (URL.canParse(text) && /^(https?|socks5?):$/.test(new URL(text).protocol)) return text;
  throw new CallError('REQUEST_INVALID', `${place} is not the URL of a proxy, such as http://proxy.example:3128.`, { retryable: false });
}
