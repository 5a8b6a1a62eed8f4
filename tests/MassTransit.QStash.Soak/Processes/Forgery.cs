using System.Text.Json;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>Changes, adds, removes and doubles headers of a captured delivery. QStash signs none of them.</summary>
/// <param name="random">What to draw them from.</param>
/// <param name="trap">An address nobody chose.</param>
/// <param name="scheduleIds">Schedules of this service and of another.</param>
/// <param name="messageId">QStash's id of another message.</param>
sealed class Forgery(Random random, Uri trap, IReadOnlyList<string> scheduleIds, string messageId)
{
    const int MostChanges = 3;
    const string Past = "2020-01-01T00:00:00Z";

    static readonly string[] Names =
    [
        "Upstash-Message-Id", "Upstash-Schedule-Id", "Upstash-Retried", "Upstash-Topic-Name", "Content-Type",
        "MassTransit-Headers", "MassTransit-Proof", "MassTransit-Callback", "MassTransit-Retries", "MassTransit-Timeout",
    ];

    /// <summary>
    /// The headers of the copy: one in eight has those of the original, and one in four another identity and a schedule that is over.
    /// </summary>
    public List<(string Name, string Value)> Change(IEnumerable<(string Name, string Value)> headers)
    {
        var copy = headers.ToList();
        var kind = random.Next(8);
        if (kind is 1 or 2)
        {
            Replace("Upstash-Message-Id", "msg_" + random.Next());
            Replace("Upstash-Schedule-Id", Draw([.. scheduleIds]));
            Replace("MassTransit-Headers", Packed());
        }

        for (var change = kind == 0 ? MostChanges : random.Next(MostChanges); change < MostChanges; change++)
        {
            var name = Names[random.Next(Names.Length)];
            switch (random.Next(4))
            {
                case 0:
                    Replace(name, Value(name));
                    break;
                case 1:
                    copy.Add((name, Value(name)));
                    break;
                case 2:
                    Remove(name);
                    break;
                default:
                    copy.AddRange([.. copy.Where(header => Is(header.Name, name)).DefaultIfEmpty((name, Value(name)))]);
                    break;
            }
        }

        return copy;

        void Replace(string name, string value)
        {
            Remove(name);
            copy.Add((name, value));
        }

        void Remove(string name) => copy.RemoveAll(header => Is(header.Name, name));
    }

    static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    string Value(string name) => name switch
    {
        "Upstash-Message-Id" => Draw(messageId, "msg_" + random.Next(), ""),
        "Upstash-Schedule-Id" => Draw([.. scheduleIds, "x"]),
        "Upstash-Retried" => Draw("0", "30", "99999999", "-1", "x"),
        "Upstash-Topic-Name" => Draw("x", "urn:message:x"),
        "Content-Type" => Draw("application/json", "application/vnd.masstransit+json", "application/vnd.masstransit+json; charset=x", "text/plain", "x"),
        "MassTransit-Headers" => Draw(Packed(), "[", "{\"MessageId\":{}}"),
        "MassTransit-Callback" => Draw("attempt", "failure", "x"),
        _ => Draw("0", "99999999", "-1", "x"),
    };

    string Draw(params string[] values) => values[random.Next(values.Length)];

    string Packed()
    {
        var all = new Dictionary<string, string>
        {
            [MessageHeaders.MessageId] = Guid.NewGuid().ToString(),
            [MessageHeaders.RequestId] = Guid.NewGuid().ToString(),
            [MessageHeaders.ResponseAddress] = trap.AbsoluteUri,
            [MessageHeaders.FaultAddress] = trap.AbsoluteUri,
            [MessageHeaders.SourceAddress] = trap.AbsoluteUri,
            [MessageHeaders.SchedulingTokenId] = Guid.NewGuid().ToString(),
            ["MT-Schedule-Id"] = Draw([.. scheduleIds, "x"]),
            ["MT-Schedule-StartTime"] = Past,
            ["MT-Schedule-EndTime"] = Past,
        };
        if (random.Next(4) == 0)
            all["MT-Expiration-Time"] = Past;

        return JsonSerializer.Serialize(all);
    }
}
