import { html } from '../html.js';
import { link } from '../address.js';
import { Blocking, withBlockers } from '../blockers.js';
import { curl } from '../commands.js';
import { Time } from '../format.js';
import { Empty, Heading, Loaded, State, Table } from '../parts.js';

function columns({ api, act, now }) {
  const toggle = ({ name, paused }) => act(
    () => api.post(`/v2/queues/${encodeURIComponent(name)}/${paused ? 'resume' : 'pause'}`),
    `${paused ? 'Resumed' : 'Paused'} ${name}.`);
  return [
    { title: 'State', name: 'first', cell: queue => html`<${State} name=${queue.paused ? 'PAUSED' : 'RUNNING'} />` },
    { title: 'Name', name: 'wide', cell: queue => html`
      <span><strong>${queue.name}</strong>
      <span class="tags"><a href=${link('messages', { queue: queue.name })} aria-label="Messages of ${queue.name}">Messages</a></span></span>` },
    { title: 'Unfinished', name: 'number', cell: queue => queue.lag },
    { title: 'In progress', name: 'blocking', cell: queue => queue.blockers.length > 0 ? html`<${Blocking} blockers=${queue.blockers} now=${now} />` : null },
    { title: 'Parallelism', name: 'number', cell: queue => queue.parallelism },
    { title: 'Updated', cell: queue => html`<${Time} ms=${queue.updatedAt} now=${now} />` },
    { title: 'Actions', name: 'actions', cell: queue => html`
      <button type="button" data-action="toggle" aria-label="${queue.paused ? 'Resume' : 'Pause'} ${queue.name}" onClick=${() => toggle(queue)}>
        ${queue.paused ? 'Resume' : 'Pause'}</button>` },
  ];
}

export const Queues = context => html`
  <${Heading} focus=${context.moved}>Queues<//>
  <${Loaded} version=${context.version} load=${() => withBlockers(context, '/v2/queues', 'queues')}>
    ${(queues, of) => queues.length > 0
      ? html`<${Table} caption="Queues" columns=${columns(context)} rows=${queues} ...${of} acted=${context.acted} keyOf=${queue => queue.name} />`
      : html`<${Empty} command=${curl('POST', '/v2/enqueue/orders/http://127.0.0.1:3000/hook', `-d '{"hello":"world"}'`)}>
          No queues. A queue delivers in order, and comes into existence with its first message:
        <//>`}
  <//>`;
