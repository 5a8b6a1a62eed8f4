import { html } from '../html.js';
import { link } from '../address.js';
import { Blocking, withBlockers } from '../blockers.js';
import { curl } from '../commands.js';
import { duration } from '../format.js';
import { Empty, Heading, Loaded, State, Table } from '../parts.js';

const limit = (count, max, pinned) => max ? html`<span>${count ?? 0} of ${max}${pinned && html` <span class="quiet">pinned</span>`}</span>` : null;

function columns({ api, act, now }) {
  const path = key => `/v2/flowControl/${encodeURIComponent(key.flowControlKey)}`;
  const toggle = key => act(
    () => api.post(`${path(key)}/${key.isPaused ? 'resume' : 'pause'}`),
    `${key.isPaused ? 'Resumed' : 'Paused'} ${key.flowControlKey}.`);
  return [
    { title: 'State', name: 'first', cell: key => html`<${State} name=${key.isPaused ? 'PAUSED' : 'RUNNING'} />` },
    { title: 'Key', name: 'wide', cell: key => html`
      <span><strong>${key.flowControlKey}</strong>
      <span class="tags"><a href=${link('messages', { flow: key.flowControlKey })} aria-label="Messages of ${key.flowControlKey}">Messages</a></span></span>` },
    { title: 'Waiting', name: 'number', cell: key => key.waitListSize ?? 0 },
    { title: 'In progress', name: 'blocking', cell: key => key.blockers.length > 0 ? html`<${Blocking} blockers=${key.blockers} now=${now} />` : null },
    { title: 'In parallel', name: 'number', cell: key => limit(key.parallelismCount, key.parallelismMax, key.isPinnedParallelism) },
    { title: 'Started this period', name: 'number', cell: key => key.rateMax > 0 && limit(key.rateCount, `${key.rateMax} per ${duration(key.ratePeriod * 1000)}`, key.isPinnedRate) },
    { title: 'Actions', name: 'actions', cell: key => html`
      <button type="button" data-action="toggle" aria-label="${key.isPaused ? 'Resume' : 'Pause'} ${key.flowControlKey}" onClick=${() => toggle(key)}>
        ${key.isPaused ? 'Resume' : 'Pause'}</button>
      ${key.rateMax > 0 && html`
        <button type="button" data-action="reset" aria-label="Reset the rate of ${key.flowControlKey}"
          onClick=${() => act(() => api.post(`${path(key)}/resetRate`), `A new period began for ${key.flowControlKey}.`)}>Reset rate</button>`}` },
  ];
}

export const FlowControl = context => html`
  <${Heading} focus=${context.moved}>Flow control<//>
  <${Loaded} version=${context.version} load=${() => withBlockers(context, '/v2/flowControl', 'flowControlKeys')}>
    ${(keys, of) => keys.length > 0
      ? html`<${Table} caption="Flow control keys" columns=${columns(context)} rows=${keys} ...${of} acted=${context.acted} keyOf=${key => key.flowControlKey} />`
      : html`<${Empty} command=${curl('POST', '/v2/publish/http://127.0.0.1:3000/hook', '-H "Upstash-Flow-Control-Key: orders"', '-H "Upstash-Flow-Control-Value: rate=10, period=1m, parallelism=2"')}>
          No flow control keys. A key limits how fast messages are delivered, and comes into existence with its first message:
        <//>`}
  <//>`;
