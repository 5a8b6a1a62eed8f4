namespace QStash.Client;

sealed record DefaultHeadersBody(IReadOnlyDictionary<string, string> Headers);
