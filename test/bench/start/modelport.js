// From process start to the first answer through a host made from a config file. Plain JavaScript: no type stripping is in what is measured.
import { createHost } from '@modelport/host';

const [config, model, instructions, question] = process.argv.slice(2);
const host = await createHost({ config });
const { text } = await host.models.get(`${model}@bench`).generate([
  { role: 'system', content: instructions }, { role: 'user', content: [{ type: 'text', text: question }] },
]);
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ cpuUs: user + system, text }), () => process.exit());
