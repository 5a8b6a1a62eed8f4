import { html } from '../html.js';
import { link } from '../address.js';
import { curl } from '../commands.js';
import { Time } from '../format.js';
import { Empty, Heading, Loaded, Table } from '../parts.js';

const columns = now => [
  { title: 'Name', name: 'first', cell: group => html`
    <span><strong>${group.name}</strong>
    <span class="tags"><a href=${link('messages', { group: group.name })} aria-label="Messages to ${group.name}">Messages</a>
      <a href=${link('dlq', { group: group.name })} aria-label="Dead letters of ${group.name}">Dead letters</a></span></span>` },
  { title: 'Endpoints', name: 'wide', cell: group => html`
    <ul class="plain">${group.endpoints.map(endpoint => html`
      <li>${endpoint.name && html`<strong>${endpoint.name}</strong> `}<a class="url" href=${link('messages', { url: endpoint.url, group: group.name })}>${endpoint.url}</a></li>`)}
    </ul>` },
  { title: 'Updated', cell: group => html`<${Time} ms=${group.updatedAt} now=${now} />` },
];

export const UrlGroups = context => html`
  <${Heading} focus=${context.moved}>URL groups<//>
  <${Loaded} version=${context.version} load=${() => context.api.get('/v2/topics')}>
    ${(groups, of) => groups.length > 0
      ? html`<${Table} caption="URL groups" columns=${columns(context.now)} rows=${groups} ...${of} acted=${context.acted} keyOf=${group => group.name} />`
      : html`<${Empty} command=${curl('POST', '/v2/topics/orders/endpoints', `-d '{"endpoints":[{"name":"billing","url":"http://127.0.0.1:3000/hook"}]}'`)}>
          No URL groups. A message that is published to a group goes to each of its endpoints:
        <//>`}
  <//>`;
