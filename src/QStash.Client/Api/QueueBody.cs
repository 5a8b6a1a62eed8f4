namespace QStash.Client;

sealed record QueueBody(string QueueName, int Parallelism, bool? Paused);
