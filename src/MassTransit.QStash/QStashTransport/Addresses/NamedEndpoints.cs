using QStash.Client;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Finds the receive endpoints of other services, and of other processes of this service, by name. One reading of the URL groups is used
/// for all names for some time.
/// </summary>
/// <param name="read">Reads the URL groups, whose members name their endpoints.</param>
/// <param name="cacheDuration">How long a reading is used.</param>
/// <param name="timeProvider">The clock.</param>
sealed class NamedEndpoints(
    Func<CancellationToken, Task<IReadOnlyList<QStashUrlGroup>>> read, TimeSpan cacheDuration, TimeProvider timeProvider)
{
    // A missing endpoint may just be starting, so the groups are read again. Not at each send, because reads count against the burst limit.
    const int MostReadings = 3;
    const int MostNames = 20;
    static readonly TimeSpan ReadingPeriod = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    readonly Queue<DateTimeOffset> _readings = [];
    EndpointIndex? _index;
    Task<EndpointIndex>? _reading;

    /// <summary>Takes over a reading that was made for another purpose.</summary>
    public void Learn(IReadOnlyList<QStashUrlGroup> groups, DateTimeOffset readAt)
    {
        var index = new EndpointIndex(groups, readAt);

        lock (_lock)
        {
            if (_index is null || _index.ReadAt <= readAt)
                _index = index;
        }
    }

    /// <summary>The URL of the one endpoint that has a name.</summary>
    /// <exception cref="EndpointNotFoundException">No endpoint, or more than one, has the name.</exception>
    /// <exception cref="QStashException">The groups could not be read, and no earlier reading has the name.</exception>
    public async ValueTask<string> FindAsync(string name, CancellationToken cancellationToken)
    {
        var index = _index;
        var found = index?.Find(name) ?? [];

        if (index is null || found.Length != 1 || timeProvider.GetUtcNow() - index.ReadAt >= cacheDuration)
        {
            try
            {
                index = await ReadAsync(index).WaitAsync(cancellationToken).ConfigureAwait(false);
                found = index.Find(name);
            }
            catch (QStashException exception) when (index is not null && found.Length == 1)
            {
                LogContext.Warning?.Log(exception, "The URL groups could not be read, so '{EndpointName}' is assumed to be where it was "
                    + "at {ReadAt}", name, index.ReadAt);
            }
        }

        return found.Length == 1 ? found[0].Url : throw new EndpointNotFoundException(Explain(name, found, index));
    }

    /// <summary>Whether some service has a receive endpoint at a URL.</summary>
    public async ValueTask<bool> HasUrlAsync(string url, CancellationToken cancellationToken) =>
        _index?.HasUrl(url) == true || (await ReadAsync(_index).WaitAsync(cancellationToken).ConfigureAwait(false)).HasUrl(url);

    static string Explain(string name, NamedEndpoint[] found, EndpointIndex index)
    {
        var route = $"h.Route(\"{name}\", address)";

        if (found.Length > 0)
        {
            return found.All(endpoint => endpoint.Service == found[0].Service)
                ? $"The receive endpoint '{name}' has several addresses: {string.Join(", ", found)}. If it moved, call "
                + $"bus.RemoveStaleSubscriptions() in its service, or choose one with {route}."
                : $"Several services have a receive endpoint '{name}': {string.Join(", ", found)}. Choose one with {route}.";
        }

        var names = index.Names.Take(MostNames + 1).ToArray();
        var list = names.Length == 0 ? "none" : string.Join(", ", names.Take(MostNames)) + (names.Length > MostNames ? ", …" : "");
        var topic = index.HasUrlGroup(name) ? $" There is a URL group of this name: topic:{name} sends to its members." : "";

        return $"No receive endpoint is called '{name}': neither this bus nor a route has it, and those found in the account's URL "
            + $"groups are: {list}. Start its service, which joins them unless DeployTopology is off, or set its address with "
            + $"{route}.{topic}";
    }

    /// <summary>
    /// Reads the groups, unless there is a newer reading than <paramref name="outdated"/> or they were read too often lately.
    /// </summary>
    Task<EndpointIndex> ReadAsync(EndpointIndex? outdated)
    {
        lock (_lock)
        {
            if (_index is not null && _index != outdated)
                return Task.FromResult(_index);

            if (_reading is { IsCompleted: false })
                return _reading;

            var now = timeProvider.GetUtcNow();

            while (_readings.TryPeek(out var reading) && now - reading >= ReadingPeriod)
                _readings.Dequeue();

            if (_readings.Count >= MostReadings)
                return outdated is null ? _reading! : Task.FromResult(outdated);

            _readings.Enqueue(now);

            return _reading = ReadAsync(now);
        }
    }

    async Task<EndpointIndex> ReadAsync(DateTimeOffset now)
    {
        // The caller holds the lock; the rest must run outside of it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        Learn(await read(CancellationToken.None).ConfigureAwait(false), now);

        return _index!;
    }
}
