import { html } from '../html.js';
import { curl } from '../commands.js';
import { Time } from '../format.js';
import { Empty, Heading, Loaded, Table } from '../parts.js';

const columns = now => [
  { title: 'Name', name: 'first', cell: group => html`<strong>${group.name}</strong>` },
  { title: 'Endpoints', name: 'wide', cell: group => html`
    <ul class="plain">${group.endpoints.map(endpoint => html`
      <li>${endpoint.name && html`<strong>${endpoint.name}</strong> `}<span class="url">${endpoint.url}</span></li>`)}
    </ul>` },
  { title: 'Updated', cell: group => html`<${Time} ms=${group.updatedAt} now=${now} />` },
];

export const UrlGroups = context => html`
  <${Heading} focus=${context.moved}>URL groups<//>
  <${Loaded} version=${context.version} load=${() => context.api.get('/v2/topics')}>
    ${groups => groups.length > 0
      ? html`<${Table} caption="URL groups" columns=${columns(context.now)} rows=${groups} keyOf=${group => group.name} />`
      : html`<${Empty} command=${curl('POST', '/v2/topics/orders/endpoints', `-d '{"endpoints":[{"name":"billing","url":"http://127.0.0.1:3000/hook"}]}'`)}>
          No URL groups. A message that is published to a group goes to each of its endpoints:
        <//>`}
  <//>`;
