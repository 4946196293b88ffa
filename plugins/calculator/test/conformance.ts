/** What this plugin claims, for the conformance kit. */
import { defineConformance } from '@modelport/testing/conformance';

export default defineConformance({ tool: { name: 'calculate', input: { expression: '6 * 7' }, output: '42' } });
