// From process start to the first answer with bare undici. Plain JavaScript: no type stripping is in what is measured.
import { request } from 'undici';

const [baseUrl, model, instructions, question] = process.argv.slice(2);
const { body } = await request(`${baseUrl}/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
  body: JSON.stringify({ model, messages: [{ role: 'system', content: instructions }, { role: 'user', content: question }] }),
});
const { choices } = JSON.parse(await body.text());
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ cpuUs: user + system, text: choices[0].message.content }), () => process.exit());
