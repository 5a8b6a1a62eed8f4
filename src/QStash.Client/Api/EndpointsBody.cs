namespace QStash.Client;

sealed record EndpointsBody(IReadOnlyList<QStashEndpoint> Endpoints);
