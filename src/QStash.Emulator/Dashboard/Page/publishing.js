/**
 * The call that publishes what a message or a schedule published, as new: without its id, and without a time or a deduplication id.
 * Both come as the API and its log have them.
 */
export function publishing({ destination, url, topicName, method, header, queueName, ...options }) {
  const headers = { 'Upstash-Method': method ?? 'POST' };
  const set = (name, value) => value !== undefined && value !== null && value !== '' && (headers[name] = String(value));
  for (const [name, values] of Object.entries(header ?? {})) {
    set(`Upstash-Forward-${name}`, values.join(', '));
  }

  const limits = ['parallelism', 'rate', 'period'].filter(name => options[name]).map(name => `${name}=${options[name]}`);
  set('Content-Type', Object.entries(header ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1][0]);
  set('Upstash-Retries', options.retries ?? options.maxRetries);
  set('Upstash-Retry-Delay', options.retryDelayExpression);
  set('Upstash-Delay', options.delay && `${options.delay}s`);
  set('Upstash-Callback', options.callback);
  set('Upstash-Failure-Callback', options.failureCallback);
  set('Upstash-Label', options.labels?.join(','));
  set('Upstash-Flow-Control-Key', limits.length > 0 ? options.flowControlKey : null);
  set('Upstash-Flow-Control-Value', limits.join(', '));
  const path = queueName ? `/v2/enqueue/${encodeURIComponent(queueName)}/` : '/v2/publish/';
  return { path: path + (destination ?? url ?? topicName), headers };
}
